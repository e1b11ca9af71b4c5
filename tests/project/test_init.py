"""`sift-codegen init`, in folders that are empty and in folders that are not."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
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
_PROJECT: Final = """\
[project]
name = "rover"
version = "1"

[tool.ruff]
line-length = 120"""
_HOOKS: Final = """\
# What runs before a commit.
minimum_pre_commit_version: "4.0"
repos:
-   repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v5.0.0
    hooks:
    -   id: trailing-whitespace # keep


# Where it runs.
default_stages: [pre-commit]
"""


def init(folder: Path, *words: str) -> list[str]:
    done = sift_codegen("init", *words, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def hooks_of(folder: Path) -> list[dict[str, Any]]:
    config = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())
    return [hook for repo in config["repos"] for hook in repo["hooks"]]


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


def repository(folder: Path, ending: str = "\n") -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    files = {
        "pyproject.toml": _PROJECT,
        ".pre-commit-config.yaml": _HOOKS,
        ".gitattributes": "*.png binary\n*.bin binary",
    }
    for name, text in {**files, "vehicle.yaml": "asset_name: mine\n"}.items():
        (folder / name).write_bytes(text.replace("\n", ending).encode())


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_is_there_stays_byte_by_byte(tmp_path: Path, ending: str) -> None:
    repository(tmp_path, ending)
    before = folder_contents(tmp_path)
    assert init(tmp_path) == [
        "vehicle.yaml: left as it is (it is there already)",
        "sift-telemetry.schema.json: created",
        "pyproject.toml: extended",
        ".pre-commit-config.yaml: extended",
        ".gitattributes: extended",
        "next: sift-codegen generate",
    ]
    after = folder_contents(tmp_path)
    assert after["vehicle.yaml"] == before["vehicle.yaml"]
    for name in ("pyproject.toml", ".gitattributes"):
        assert after[name].startswith(before[name])
    assert _without_added_lines(after[".pre-commit-config.yaml"], before[".pre-commit-config.yaml"])
    for name in ("pyproject.toml", ".gitattributes", ".pre-commit-config.yaml"):
        assert after[name].count(b"\n") == after[name].count(ending.encode())
    table = tomllib.loads(after["pyproject.toml"].decode())
    assert table["project"] == {"name": "rover", "version": "1"}
    assert table["tool"]["sift-codegen"]["packages"] == [{"config": "vehicle.yaml", "output": "vehicle_telemetry"}]
    assert [hook["id"] for hook in hooks_of(tmp_path)] == [
        "trailing-whitespace",
        "sift-codegen-lint",
        "sift-codegen-check",
    ]
    assert after[".gitattributes"].decode().splitlines() == [
        "*.png binary",
        "*.bin binary",
        "vehicle_telemetry/** linguist-generated -text",
    ]
    assert sift_codegen("generate", cwd=tmp_path).returncode == 0
    init(tmp_path)
    assert {name: content for name, content in folder_contents(tmp_path).items() if name in after} == after


def _without_added_lines(after: bytes, before: bytes) -> bool:
    """Say whether one text is the other with one block of lines put in."""
    lines, was = after.splitlines(keepends=True), before.splitlines(keepends=True)
    head = next(number for number, line in enumerate(lines) if b"repo: local" in line)
    rest = was[head:]
    return lines[:head] == was[:head] and lines[len(lines) - len(rest) :] == rest


def test_the_entry_of_pre_commit_stands_above_the_next_key(tmp_path: Path) -> None:
    repository(tmp_path)
    init(tmp_path)
    text = (tmp_path / ".pre-commit-config.yaml").read_text()
    assert "    -   id: trailing-whitespace # keep\n- repo: local\n  hooks:\n" in text
    assert text.endswith("/'\n\n\n# Where it runs.\ndefault_stages: [pre-commit]\n")


@pytest.mark.parametrize(
    "content",
    [
        "repos: []\n",
        "repos: [{repo: meta, hooks: [{id: identity}]}]\n",
        "repos:\n",
        "- repo: meta\n",
        "repos: [\n",
        "",
        "\xff",
        "a: &a [1]\nrepos: *a\n",
        "repos:\n  - repo: meta\n    hooks: [{id: identity}]\n...\n",
    ],
)
def test_a_pre_commit_config_that_cannot_surely_be_added_to_is_left(tmp_path: Path, content: str) -> None:
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_bytes(content.encode("latin-1"))
    told = init(tmp_path)
    assert path.read_bytes() == content.encode("latin-1")
    assert any(line.startswith(".pre-commit-config.yaml: not touched (") for line in told)
    assert "add this by hand:" in told
    assert "    - repo: local" in told


@pytest.mark.parametrize("table", ["tool = {}\n", "[tool]\nsift-codegen = {}\n", "tool.sift-codegen.packages = []\n"])
def test_a_pyproject_that_cannot_be_added_to_is_left(tmp_path: Path, table: str) -> None:
    (tmp_path / "pyproject.toml").write_text(table)
    told = init(tmp_path)
    assert (tmp_path / "pyproject.toml").read_text() == table
    assert "pyproject.toml: not touched (a table cannot stand at its end as it is)" in told
    assert "    [[tool.sift-codegen.packages]]" in told


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
    asked = subprocess.run(entry.replace("check", "generate"), shell=True, cwd=tmp_path, check=False)
    assert asked.returncode == 0
    assert (tmp_path / "flight software/rover/vehicle_telemetry/__init__.py").exists()


def test_a_project_with_mistakes_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.sift-codegen]\nprotoss = 1\n")
    done = sift_codegen("init", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown key 'protoss'" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_a_file_behind_a_link_stays_behind_it(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_text(_PROJECT)
    (tmp_path / "shared.toml").chmod(0o640)
    (tmp_path / "rover").mkdir()
    (tmp_path / "rover/pyproject.toml").symlink_to("../shared.toml")
    init(tmp_path / "rover")
    assert (tmp_path / "rover/pyproject.toml").is_symlink()
    assert "[[tool.sift-codegen.packages]]" in (tmp_path / "shared.toml").read_text()
    assert (tmp_path / "shared.toml").stat().st_mode & 0o777 == 0o640
