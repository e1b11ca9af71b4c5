"""`sift-codegen init`, in folders that are empty and in folders that are not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import yaml

from sift_codegen._read_config import read_telemetry_config
from sift_codegen._schema import schema_text
from tests.generator.test_command import sift_codegen
from tests.golden.cases import folder_contents
from tests.schema.plain import plain_data
from tests.schema.validators import mistakes
from tests.typing.checkers import mypy_findings

FILES: Final = (
    "vehicle.yaml",
    "sift-telemetry.schema.json",
    "pyproject.toml",
    ".pre-commit-config.yaml",
    ".gitattributes",
)
_USE: Final = """\
from vehicle_telemetry import DriveFlow, LogFlow, State, Switches

drive = DriveFlow(velocity=1.5, battery_voltage=24.0, state=State.Driving, switches=Switches(heater=1, lights=2))
sizes: list[int] = [len(drive.encode()), len(LogFlow(log="hello").encode())]
print(sizes)
"""


def init(folder: Path, *words: str) -> list[str]:
    done = sift_codegen("init", *words, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_an_empty_folder_becomes_a_project_that_generates_imports_and_type_checks(tmp_path: Path) -> None:
    assert init(tmp_path) == [*(f"{name}: created" for name in FILES), "next: sift-codegen generate"]
    done = sift_codegen("generate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("vehicle_telemetry: 2 flows, 5 channels; ")
    (tmp_path / "use.py").write_text(_USE)
    used = subprocess.run([sys.executable, "use.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert used.stdout == "[27, 9]\n"
    assert mypy_findings(tmp_path, sys.executable) == []


def test_the_first_config_has_no_warnings_and_fits_its_schema(tmp_path: Path) -> None:
    init(tmp_path)
    config = tmp_path / "vehicle.yaml"
    assert read_telemetry_config(config).warnings == ()
    assert mistakes("config", plain_data(config)) == []
    assert config.read_text().startswith("# yaml-language-server: $schema=sift-telemetry.schema.json\n")
    assert (tmp_path / "sift-telemetry.schema.json").read_text("utf-8") == schema_text("config")


def test_what_the_table_shows_in_comments_holds(tmp_path: Path) -> None:
    init(tmp_path)
    table = tmp_path / "pyproject.toml"
    table.write_text(table.read_text().replace("# optional", "optional").replace("# names", "names"))
    assert sift_codegen("generate", cwd=tmp_path).returncode == 0
    flow = (tmp_path / "vehicle_telemetry/flows/drive.py").read_text()
    assert "    battery: float\n" in flow
    assert "    state: _enums.State | None = None\n" in flow


def test_a_dry_run_tells_and_does_nothing(tmp_path: Path) -> None:
    assert init(tmp_path, "rover", "--dry-run") == [f"rover/{name}: would be created" for name in FILES]
    assert list(tmp_path.iterdir()) == []
    assert init(tmp_path, "rover")[:-1] == [f"rover/{name}: created" for name in FILES]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    init(tmp_path)
    before = folder_contents(tmp_path)
    assert [line.split(" (")[0] for line in init(tmp_path)] == [f"{name}: left as it is" for name in FILES]
    assert folder_contents(tmp_path) == before


def test_a_project_that_has_packages_gets_no_config_and_a_line_for_each(tmp_path: Path) -> None:
    entry = '[[tool.sift-codegen.packages]]\nconfig = "{0}.yaml"\noutput = "src/{0} telemetry"\n'
    (tmp_path / "pyproject.toml").write_text(entry.format("a") + entry.format("b"))
    told = init(tmp_path)
    assert told[0] == "vehicle.yaml: left as it is (not needed: pyproject.toml lists packages already)"
    assert not (tmp_path / "vehicle.yaml").exists()
    assert (tmp_path / ".gitattributes").read_text() == (
        '"src/a telemetry/**" linguist-generated -text\n"src/b telemetry/**" linguist-generated -text\n'
    )
    before = folder_contents(tmp_path)
    init(tmp_path)
    assert folder_contents(tmp_path) == before


def test_git_knows_the_package_as_generated(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    init(tmp_path)
    command = ["git", "check-attr", "linguist-generated", "text", "--", "vehicle_telemetry/flows/drive.py"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [line.rpartition(": ")[2] for line in told.stdout.splitlines()] == ["set", "unset"]


def test_below_the_root_of_a_repository_the_hooks_are_told(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    told = init(tmp_path, "flight software/rover")
    path = tmp_path / ".pre-commit-config.yaml"
    assert f"flight software/rover/{path.name}: not touched (pre-commit reads {path} instead)" in told
    assert not (tmp_path / "flight software/rover" / path.name).exists()
    (hooks,) = yaml.safe_load("\n".join(line for line in told if line.startswith("    ")))
    entry = hooks["hooks"][1]["entry"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    asked = subprocess.run(entry.replace("check", "generate"), shell=True, cwd=tmp_path, env=environment, check=False)
    assert asked.returncode == 0
    assert (tmp_path / "flight software/rover/vehicle_telemetry/__init__.py").exists()


def test_a_project_with_mistakes_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.sift-codegen]\nprotoss = 1\n")
    done = sift_codegen("init", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown key 'protoss'" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]
