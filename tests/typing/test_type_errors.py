"""Under mypy and pyright, exactly the marked lines of cases/bad_*.py are errors, and nothing of cases/good_*.py is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.golden.cases import golden_package
from tests.typing.checkers import Finding, mypy_findings, pyright_findings

_CASES: Final = Path(__file__).resolve().with_name("cases")
_MARKER: Final = re.compile(r"# error: mypy=(?P<mypy>\S+) pyright=(?P<pyright>\S+)$")

ExpectedErrors = list[tuple[str, int, str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a user's project: the packages under their own names, and the cases beside them."""
    for case in ("nostromo", "every_type"):
        package = golden_package(case)
        shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in _CASES.glob("*.py"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_mypy_rejects_exactly_the_marked_lines(project: Path) -> None:
    assert _without_messages(mypy_findings(project)) == _marked("mypy")


def test_pyright_rejects_exactly_the_marked_lines(project: Path) -> None:
    assert _without_messages(pyright_findings(project)) == _marked("pyright")


def test_good_cases_have_no_marker_and_bad_cases_have_some() -> None:
    with_marker = {file for file, _, _ in _marked("mypy")}
    assert with_marker == {path.name for path in _CASES.glob("bad_*.py")}
    assert {path.name for path in _CASES.glob("*.py")} - with_marker == {path.name for path in _CASES.glob("good_*.py")}


def _marked(checker: str) -> ExpectedErrors:
    return sorted(
        (path.name, number, code)
        for path in _CASES.glob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if (marker := _MARKER.search(line))
        for code in marker[checker].split(",")
    )


def _without_messages(findings: list[Finding]) -> ExpectedErrors:
    return sorted((finding.file, finding.line, finding.code) for finding in findings)
