"""`[tool.sift-codegen]` of a pyproject.toml, through the command."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.generator.packages import channel, config_of, write_config
from tests.generator.test_command import sift_codegen

TABLE = """
[tool.sift-codegen]
protos = "{protos}"

[[tool.sift-codegen.packages]]
config = "vehicle.yaml"
output = "vehicle_telemetry"

[[tool.sift-codegen.packages]]
config = "stand.yaml"
output = "stand_telemetry"
"""


def project(directory: Path, table: str = TABLE.format(protos="sift-runtime")) -> None:
    write_config(directory, config_of(channel("velocity", "double")))
    (directory / "stand.yaml").write_text((directory / "vehicle.yaml").read_text())
    (directory / "pyproject.toml").write_text(table)


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("    ")]


def test_all_packages_of_a_project_are_generated_by_one_command(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "below").mkdir()
    done = sift_codegen("generate", cwd=tmp_path / "below")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "../vehicle_telemetry",
        "../stand_telemetry",
    ]
    assert (tmp_path / "vehicle_telemetry/telemetry.py").exists()
    assert (tmp_path / "stand_telemetry/telemetry.py").exists()


def test_a_config_of_the_project_needs_no_options(tmp_path: Path) -> None:
    project(tmp_path, TABLE.format(protos="sift-stack-py"))
    done = sift_codegen("stand.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "vehicle_telemetry").exists()
    assert "import sift.ingest.v1" in (tmp_path / "stand_telemetry/any_flow.py").read_text()


def test_all_mistakes_of_the_table_are_told_at_once(tmp_path: Path) -> None:
    table = TABLE.format(protos="sift-stak-py").replace('output = "stand_telemetry"', 'outptu = "stand_telemetry"')
    project(tmp_path, table + '\n[tool.sift-codegen.lint]\nselct = ["SC1"]\nfail-on = 3\n')
    done = sift_codegen("generate", cwd=tmp_path)
    assert done.returncode == 2
    path = tmp_path / "pyproject.toml"
    assert told(done) == [
        f"{path}:3:1: 'protos' of [tool.sift-codegen] is 'sift-stak-py'; it is sift-runtime or sift-stack-py",
        f"{path}:9:1: the package of 'stand.yaml' has no 'output'",
        f"{path}:11:1: unknown key 'outptu' in a package",
        f"{path}:14:1: unknown key 'selct' in [tool.sift-codegen.lint]",
        f"{path}:15:1: 'fail-on' of [tool.sift-codegen.lint] must be a text, found the integer 3",
        "5 errors; nothing was written",
    ]
    assert "did you mean 'output'?" in done.stderr


def test_a_project_without_the_table_changes_nothing(tmp_path: Path) -> None:
    project(tmp_path, '[project]\nname = "rover"\n')
    done = sift_codegen("generate", cwd=tmp_path)
    assert done.returncode == 2
    assert "name a CONFIG" in done.stderr
    assert sift_codegen("vehicle.yaml", "-o", "sdk", cwd=tmp_path).returncode == 0


def test_what_is_no_toml_is_told(tmp_path: Path) -> None:
    project(tmp_path, "[tool.sift-codegen\n")
    done = sift_codegen("vehicle.yaml", "-o", "sdk", cwd=tmp_path)
    assert done.returncode == 2
    assert told(done)[0].startswith(f"{tmp_path / 'pyproject.toml'}:1:1: not TOML: ")
