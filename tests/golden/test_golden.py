"""What the command writes for each golden case: these names, these bytes, whatever surrounds the run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.golden.cases import CASES, GoldenCase, folder_contents, sift_codegen_command

_HOSTILE_PYPROJECT = """\
[tool.black]
line-length = 40
skip-string-normalization = true
target-version = ["py39"]
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_output_is_the_expected_package_byte_for_byte(case: GoldenCase, tmp_path: Path) -> None:
    output = tmp_path / "first" / case.package
    _generate(case, output, cwd=case.folder, PYTHONHASHSEED="1")
    assert folder_contents(output) == folder_contents(case.expected / case.package)
    assert [path.name for path in case.expected.iterdir()] == [case.package]

    # In other surroundings the output is the same, so that a second run finds nothing to touch.
    times = _modification_times(output)
    surroundings = tmp_path / "surroundings"
    surroundings.mkdir()
    (surroundings / "pyproject.toml").write_text(_HOSTILE_PYPROJECT, "utf-8")
    variables = {"PYTHONHASHSEED": "4242", "COLUMNS": "20", "LC_ALL": "C", "TZ": "Asia/Kathmandu"}
    _generate(case, Path(os.path.relpath(output, surroundings)), cwd=surroundings, **variables)
    assert _modification_times(output) == times


def test_every_folder_is_a_case() -> None:
    folders = {path.name for path in CASES[0].folder.parent.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == {case.name for case in CASES}


def _generate(case: GoldenCase, output: Path, cwd: Path, **variables: str) -> None:
    command = [sift_codegen_command(), *case.arguments(output)]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _modification_times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
