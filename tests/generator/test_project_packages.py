"""What a project says of its packages: optional channels, names, outputs, and which of them a command is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.generator.packages import channel, config_of, write_config
from tests.generator.test_command import sift_codegen
from tests.generator.test_project import told

ENTRY = """
[[tool.sift-codegen.packages]]
config = "vehicle.yaml"
output = "vehicle_telemetry"
"""
EXTENSION = """
[tool.sift-codegen.packages.optional]
readings = ["velocity"]

[tool.sift-codegen.packages.names.flows]
readings = "MotorReadingsFlow"

[tool.sift-codegen.packages.names.channels]
"a.b" = "a_b_2"

[tool.sift-codegen.packages.names.types]
state = "MotorState"

[tool.sift-codegen.packages.names.members.state]
"on!" = "on_now"
"""


def vehicle(directory: Path, **more: Any) -> None:
    state = channel("state", "enum", enum_types=[{"name": "on!", "key": 1}])
    write_config(directory, config_of(channel("velocity", "double"), channel("a.b", "double"), state, **more))


def project(directory: Path, table: str) -> None:
    (directory / "pyproject.toml").write_text(table)


def test_optional_channels_and_names_stand_in_the_project(tmp_path: Path) -> None:
    vehicle(tmp_path)
    project(tmp_path, ENTRY + EXTENSION)
    done = sift_codegen("generate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    flow = (tmp_path / "vehicle_telemetry/flows/motor_readings.py").read_text()
    assert "    velocity: float | None = None\n" in flow
    assert "    a_b_2: float\n" in flow
    assert "    state: _enums.MotorState\n" in flow
    assert "    on_now = 1\n" in (tmp_path / "vehicle_telemetry/enums/motor_state.py").read_text()


def test_what_the_project_says_is_joined_with_what_the_config_says(tmp_path: Path) -> None:
    extension = {
        "optional": {"readings": ["velocity"]},
        "names": {"channels": {"velocity": "v"}, "members": {"state": {"on!": "on_now"}}},
    }
    vehicle(tmp_path, **{"x-sift-codegen": extension})
    project(
        tmp_path,
        ENTRY + 'optional = { readings = ["a.b"] }\n[tool.sift-codegen.packages.names]\nchannels = {state = "mode"}\n',
    )
    done = sift_codegen("generate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    flow = (tmp_path / "vehicle_telemetry/flows/readings.py").read_text()
    for field in ("v: float | None = None", "a_b: float | None = None", "mode: _enums.State"):
        assert f"    {field}\n" in flow


def test_what_both_say_is_an_error_that_names_both_places(tmp_path: Path) -> None:
    extension = {
        "optional": {"readings": ["velocity"]},
        "names": {"flows": {"readings": "MotorReadingsFlow"}, "members": {"state": {"on!": "on_now"}}},
    }
    vehicle(tmp_path, **{"x-sift-codegen": extension})
    project(tmp_path, ENTRY + EXTENSION)
    done = sift_codegen("generate", cwd=tmp_path)
    assert done.returncode == 2
    path = tmp_path / "pyproject.toml"
    assert told(done) == [
        f"{path}:7:1: channel 'velocity' of flow 'readings' is optional already",
        f"{path}:10:1: 'readings' (flow) has a Python name already",
        f"{path}:19:1: 'on!' (label or element of 'state') has a Python name already",
        "3 errors; nothing was written",
    ]
    lines = (tmp_path / "vehicle.yaml").read_text().splitlines()
    for said in ("    - velocity", "      readings: MotorReadingsFlow", "        on!: on_now"):
        assert f"    first at vehicle.yaml:{lines.index(said) + 1}:" in done.stderr
    assert not (tmp_path / "vehicle_telemetry").exists()


def test_names_that_the_config_does_not_have_are_told_where_the_project_says_them(tmp_path: Path) -> None:
    vehicle(tmp_path)
    table = EXTENSION.replace('"velocity"', '"velocty", 3').replace("names.flows", "names.flow").replace("on_now", "is")
    project(tmp_path, ENTRY + table)
    done = sift_codegen("generate", cwd=tmp_path)
    path = tmp_path / "pyproject.toml"
    assert told(done)[:-1] == [
        f"{path}:7:1: no channel of flow 'readings' is called 'velocty'",
        f"{path}:7:1: an optional channel of flow 'readings' must be a text, found the integer 3",
        f"{path}:9:1: unknown key 'flow' in 'names'",
        f"{path}:19:1: 'is' is no Python name: ASCII letters, digits and underscores, no keyword",
    ]
    assert "did you mean 'velocity'?" in done.stderr
    assert "did you mean 'flows'?" in done.stderr


def test_a_mistake_within_a_line_is_told_there(tmp_path: Path) -> None:
    vehicle(tmp_path)
    named = ENTRY + 'optional.reading = ["velocity"]\nnames = { flows = { readings = "is" } }\n'
    project(
        tmp_path,
        named + ENTRY.replace("vehicle_", "second_") + 'optional = { reading = [] }\nnames.flows.readings = "X"\n',
    )
    done = sift_codegen("generate", cwd=tmp_path)
    assert [line.split(": ")[0].rpartition("toml:")[2] for line in told(done)[:-1]] == ["5:1", "6:1", "11:1"]


def test_the_mistakes_of_all_packages_are_told_at_once_and_none_is_written(tmp_path: Path) -> None:
    vehicle(tmp_path)
    for name in ("stand", "pad"):
        (tmp_path / f"{name}.yaml").write_text(f"asset_name: {name}\nflow: []\n")
    entries = [ENTRY.replace("vehicle", name) for name in ("vehicle", "stand", "pad")]
    project(tmp_path, "".join(entries) + ENTRY.replace("vehicle_", "second_").replace("vehicle", "pad"))
    done = sift_codegen("generate", cwd=tmp_path)
    assert done.returncode == 2
    assert told(done) == [
        "stand.yaml:2:1: unknown key 'flow' in the config",
        "pad.yaml:2:1: unknown key 'flow' in the config",
        "2 errors; nothing was written",
    ]
    assert not list(tmp_path.glob("*_telemetry"))


def test_two_packages_with_one_output_are_refused(tmp_path: Path) -> None:
    vehicle(tmp_path)
    project(tmp_path, ENTRY + ENTRY.replace('"vehicle_telemetry"', '"below/../vehicle_telemetry/"'))
    done = sift_codegen("generate", cwd=tmp_path)
    assert done.returncode == 2
    path = tmp_path / "pyproject.toml"
    assert told(done)[0] == f"{path}:8:1: another package has the output 'vehicle_telemetry' already"
    assert f"first at {path}:4:1" in done.stderr


def two_packages_of_one_config(directory: Path) -> None:
    vehicle(directory)
    project(directory, ENTRY + 'optional.readings = ["velocity"]\n' + ENTRY.replace("vehicle_", "second_"))


def test_the_output_narrows_to_its_package(tmp_path: Path) -> None:
    two_packages_of_one_config(tmp_path)
    done = sift_codegen("-o", "second_telemetry/", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.glob("*_telemetry")] == ["second_telemetry"]
    assert "velocity: float\n" in (tmp_path / "second_telemetry/flows/readings.py").read_text()


def test_an_output_that_no_package_has_is_refused_where_it_could_be_any(tmp_path: Path) -> None:
    two_packages_of_one_config(tmp_path)
    for words in (("-o", "third"), ("vehicle.yaml", "-o", "third")):
        done = sift_codegen(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert "has the output third; there are: vehicle_telemetry, second_telemetry" in done.stderr
        assert not (tmp_path / "third").exists()


def test_the_one_package_of_a_config_may_be_made_elsewhere(tmp_path: Path) -> None:
    vehicle(tmp_path)
    project(tmp_path, ENTRY + EXTENSION)
    assert sift_codegen("vehicle.yaml", "-o", "trial", cwd=tmp_path).returncode == 0
    flow = (tmp_path / "trial/flows/motor_readings.py").read_text()
    assert "a_b_2: float" in flow
    assert "# regenerate: sift-codegen vehicle.yaml -o trial\n" in flow


def test_the_header_names_the_command_that_truly_regenerates(tmp_path: Path) -> None:
    vehicle(tmp_path)
    project(tmp_path, ENTRY)
    header = tmp_path / "vehicle_telemetry/telemetry.py"
    for words, command in (
        (("generate",), "sift-codegen generate"),
        (("vehicle.yaml", "-o", "vehicle_telemetry"), "sift-codegen generate"),
        (
            ("vehicle.yaml", "--protos", "sift-stack-py"),
            "sift-codegen vehicle.yaml -o vehicle_telemetry --protos sift-stack-py",
        ),
    ):
        assert sift_codegen(*words, cwd=tmp_path).returncode == 0
        assert f"# regenerate: {command}\n" in header.read_text()
    (tmp_path / "pyproject.toml").unlink()
    assert sift_codegen("vehicle.yaml", "-o", "vehicle_telemetry", cwd=tmp_path).returncode == 0
    assert "# regenerate: sift-codegen vehicle.yaml -o vehicle_telemetry\n" in header.read_text()


def test_a_change_of_the_project_file_alone_changes_no_package(tmp_path: Path) -> None:
    vehicle(tmp_path)
    project(tmp_path, ENTRY + EXTENSION)
    sift_codegen("generate", cwd=tmp_path)
    project(tmp_path, '[project]\nname = "rover"\nversion = "2"\n' + ENTRY + EXTENSION)
    done = sift_codegen("generate", cwd=tmp_path)
    assert "0 files written" in done.stdout
