"""`sift-codegen init` among files that are there: none is written over, and what cannot be added to is left."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.generator.test_command import sift_codegen
from tests.golden.cases import folder_contents
from tests.project.test_init import init

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


def hooks_of(folder: Path) -> list[dict[str, Any]]:
    config = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())
    return [hook for repo in config["repos"] for hook in repo["hooks"]]


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


def test_a_file_behind_a_link_stays_behind_it(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_text(_PROJECT)
    (tmp_path / "shared.toml").chmod(0o640)
    (tmp_path / "rover").mkdir()
    (tmp_path / "rover/pyproject.toml").symlink_to("../shared.toml")
    init(tmp_path / "rover")
    assert (tmp_path / "rover/pyproject.toml").is_symlink()
    assert "[[tool.sift-codegen.packages]]" in (tmp_path / "shared.toml").read_text()
    assert (tmp_path / "shared.toml").stat().st_mode & 0o777 == 0o640


def test_a_table_without_packages_gets_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.sift-codegen]\nprotos = "sift-stack-py"\n')
    assert "pyproject.toml: extended" in init(tmp_path)
    assert sift_codegen("generate", cwd=tmp_path).returncode == 0
    assert "import sift.ingest.v1" in (tmp_path / "vehicle_telemetry/any_flow.py").read_text()
