"""`--templates DIR` and `templates = "DIR"`, through the command."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.generator.packages import channel, config_of, write_config
from tests.generator.test_command import sift_codegen


def generate(directory: Path, **templates: str) -> subprocess.CompletedProcess[str]:
    """Generate a package of one flow with templates; in their names __ stands for / and a single _ for a dot."""
    return generate_with(
        directory, {name.replace("__", "/").replace("_", ".") + ".j2": text for name, text in templates.items()}
    )


def generate_with(directory: Path, templates: dict[str, str]) -> subprocess.CompletedProcess[str]:
    folder = directory / "templates"
    folder.mkdir(exist_ok=True)
    for path in [path for path in folder.rglob("*.j2") if path.is_file()]:
        path.unlink()
    for name, text in templates.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    labels = [{"name": "Off", "key": 0}, {"name": "On!", "key": 1}]
    config = config_of(channel("velocity", "double", unit="m/s"), channel("state", "enum", enum_types=labels))
    config["flows"].append({"name": "Slow flow", "channels": [channel("temperature", "int32")]})
    name = write_config(directory, config).name
    return sift_codegen(name, "-o", "sdk", "--templates", "templates", cwd=directory)


def test_a_template_adds_a_file_that_is_ours_from_then_on(tmp_path: Path) -> None:
    text = "{% for flow in telemetry.flows %}{{ flow.name }}: {{ flow.channels | length }}\n{% endfor %}"
    done = generate(tmp_path, notes__flows_txt=text)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "sdk/notes/flows.txt").read_text() == "readings: 2\nSlow flow: 1\n"
    assert "notes/flows.txt" in json.loads((tmp_path / "sdk/.sift-codegen.json").read_text())["files"]
    assert " --templates templates\n" in (tmp_path / "sdk/telemetry.py").read_text()
    assert generate(tmp_path, other_txt="x").returncode == 0
    assert not (tmp_path / "sdk/notes").exists()


def test_a_template_can_make_a_file_of_each_flow(tmp_path: Path) -> None:
    done = generate_with(tmp_path, {"doc/{flow}.md.j2": "{{ flow.name }} {{ flow.class_name }}"})
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "sdk/doc/readings.md").read_text() == "readings ReadingsFlow"
    assert (tmp_path / "sdk/doc/slow_flow.md").read_text() == "Slow flow SlowFlowFlow"


def test_a_template_overrides_ours_of_its_name_and_can_include_it(tmp_path: Path) -> None:
    done = generate_with(tmp_path, {"enum.py.j2": '{% include "builtin/enum.py.j2" %}\nMADE_BY = "us"\n'})
    assert (done.returncode, done.stderr) == (0, "")
    overridden = (tmp_path / "sdk/enums/state.py").read_text()
    assert "class State(" in overridden
    assert overridden.endswith('MADE_BY = "us"\n')


def test_a_template_of_an_underscore_makes_no_file(tmp_path: Path) -> None:
    templates = {
        "_shared.j2": "{% macro twice(text) %}{{ text }}{{ text }}{% endmacro %}",
        "x.txt.j2": "{% from '_shared.j2' import twice %}{{ twice(telemetry.asset_name) }}",
    }
    assert generate_with(tmp_path, templates).returncode == 0
    assert (tmp_path / "sdk/x.txt").read_text() == "roverrover"
    assert not (tmp_path / "sdk/_shared").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ telemetry.assetname }}", ":2: 'sift_codegen._user_templates._model.TelemetryData object' has no"),
        ("a\nb\n{{ flwo.name }}", ":3: 'flwo' is undefined"),
        ("{% for x in y %}", ":1: Unexpected end of template."),
        ("\n{{ telemetry.flows | nothing }}", ":2: No filter named 'nothing'."),
        ("\n{% include 'no_such.j2' %}", ":2: there is no template 'no_such.j2'"),
        ("{% include '../../secret.j2' %}", ":1: there is no template '../../secret.j2'"),
        ("{{ 1 / 0 }}", ":1: ZeroDivisionError: division by zero"),
        ("{{ telemetry.__class__ }}", ":1: SecurityError: access to attribute '__class__'"),
        ("{{ require_model.__globals__ }}", ":1: SecurityError: access to attribute '__globals__'"),
        ("{{ range(1000000) | length }}", ":1: OverflowError: Range too big."),
        ("\n{{ require_model(2) }}", ":2: needs version 2 of the model; this sift-codegen has 1"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path.parent / "secret.j2").write_text("secret", "utf-8")
    done = generate(tmp_path, page_md=text)
    assert done.returncode == 2
    assert done.stderr.startswith(f"sift-codegen: templates/page.md.j2{told}"), done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "sdk").exists()


def test_a_mistake_in_what_a_template_includes_is_told_where_it_is(tmp_path: Path) -> None:
    done = generate_with(tmp_path, {"_part.j2": "a\n{{ nothing }}", "page.md.j2": "{% include '_part.j2' %}"})
    assert done.stderr == "sift-codegen: templates/_part.j2:2: 'nothing' is undefined\n"


@pytest.mark.parametrize(
    "name",
    [
        "__init__.py.j2",
        "flows/readings.py.j2",
        "TELEMETRY.py.j2",
        "flows.j2",
        "telemetry.py/x.md.j2",
        ".sift-codegen.json.j2",
        "py.typed.j2",
    ],
)
def test_no_template_writes_over_another_file_of_the_package(tmp_path: Path, name: str) -> None:
    # telemetry.py.j2 would override ours; in other letters it is a file that some systems take for the same.
    done = generate_with(tmp_path, {name: "x"})
    assert done.returncode == 2
    assert f"templates/{name}: " in done.stderr
    assert "is in the way of a file of the package" in done.stderr
    assert not (tmp_path / "sdk").exists()


def test_two_templates_for_one_file_are_told(tmp_path: Path) -> None:
    done = generate_with(tmp_path, {"readings.md.j2": "x", "{flow}.md.j2": "y"})
    assert done.returncode == 2
    assert "'readings.md' is in the way of what readings.md.j2 makes" in done.stderr


def test_a_folder_without_templates_is_told(tmp_path: Path) -> None:
    config = write_config(tmp_path, config_of(channel("velocity", "double")))
    done = sift_codegen(config.name, "-o", "sdk", "--templates", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "sift-codegen: nowhere: no such folder of templates\n")
    (tmp_path / "empty").mkdir()
    done = sift_codegen(config.name, "-o", "sdk", "--templates", "empty", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "sift-codegen: empty: holds no template; a template is a file *.j2\n",
    )


@pytest.mark.skipif(os.sep == "\\", reason="no name can have one here")
def test_a_name_that_other_systems_take_for_a_path_is_refused(tmp_path: Path) -> None:
    done = generate_with(tmp_path, {"..\\x.md.j2": "x"})
    assert done.returncode == 2
    assert done.stderr.startswith("sift-codegen: templates/..\\x.md.j2: has a \\ in its name")


def test_a_template_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/x.md.j2").write_bytes(b"\xff")
    config = write_config(tmp_path, config_of(channel("velocity", "double")))
    done = sift_codegen(config.name, "-o", "sdk", "--templates", "templates", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("sift-codegen: templates/x.md.j2: is no UTF-8: ")


def test_a_project_names_its_templates(tmp_path: Path) -> None:
    write_config(tmp_path, config_of(channel("velocity", "double")))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/asset.txt.j2").write_text("{{ telemetry.asset_name }}", "utf-8")
    table = '[[tool.sift-codegen.packages]]\nconfig = "vehicle.yaml"\noutput = "sdk"\ntemplates = "mine"\n'
    (tmp_path / "pyproject.toml").write_text(table, "utf-8")
    (tmp_path / "below").mkdir()
    done = sift_codegen("generate", cwd=tmp_path / "below")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "sdk/asset.txt").read_text() == "rover"
