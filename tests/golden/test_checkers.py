"""Generated packages pass the checkers' defaults as they are: every golden package and the example's, all at once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.golden.cases import CASES, GOLDEN
from tests.typing.checkers import mypy_findings, pyright_findings, run_tool

_EXAMPLES: Final = GOLDEN.parents[1] / "examples" / "generated"
_NEEDS_SIFT_STACK_PY: Final = "sift_stack_py_messages_telemetry"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder that holds the packages and no configuration of any tool."""
    packages = [case.expected / case.package for case in CASES]
    packages += [manifest.parent for manifest in _EXAMPLES.glob("*/.sift-codegen.json")]
    for package in packages:
        shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_mypy_strict(project: Path) -> None:
    shutil.rmtree(project / _NEEDS_SIFT_STACK_PY)  # tests/packaging checks it, where that package is installed
    assert mypy_findings(project) == []


def test_pyright(project: Path) -> None:
    shutil.rmtree(project / _NEEDS_SIFT_STACK_PY)
    assert pyright_findings(project) == []


def test_ruff(project: Path) -> None:
    done = run_tool(project, "ruff", "check", "--isolated", "--no-cache", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_black(project: Path) -> None:
    configuration = project / "black.toml"
    configuration.write_text("[tool.black]\n", "utf-8")
    done = run_tool(project, "black", "--check", "--config", os.fspath(configuration), ".")
    assert done.returncode == 0, done.stderr
    python_files = sum(1 for _ in project.rglob("*.py"))
    assert f"{python_files} files would be left unchanged" in done.stderr
