"""The type checkers as a user of a generated package runs them: the defaults, and no project's configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Finding", "mypy_findings", "pyright_findings", "run_tool"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One error, by file name relative to the project; `line` counts from 1."""

    file: str
    line: int
    code: str
    message: str


def run_tool(project: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of the tools installed beside the running Python, in the project's folder."""
    command = [str(Path(sys.executable).with_name(name)), *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def mypy_findings(project: Path, python: str = sys.executable) -> list[Finding]:
    """Return what `mypy --strict` finds in the whole project; `python` has what it imports.

    Raises RuntimeError where mypy cannot run.
    """
    output = ("--output=json", "--no-error-summary")
    done = run_tool(project, "mypy", "--strict", "--config-file=", *output, "--python-executable", python, ".")
    if done.returncode > 1 or done.stderr:
        raise RuntimeError(f"mypy could not check {project}: {done.stdout}{done.stderr}")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    return sorted(_finding(report["file"], report["line"], report) for report in reports)


def pyright_findings(project: Path, python: str = sys.executable) -> list[Finding]:
    """Return what pyright's defaults find in the whole project; `python` has what it imports.

    Raises RuntimeError where pyright cannot run.
    """
    done = run_tool(project, "pyright", "--outputjson", "--pythonpath", python)
    if done.returncode > 1:
        raise RuntimeError(f"pyright could not check {project}: {done.stdout}{done.stderr}")
    document = json.loads(done.stdout)
    if not document["summary"]["filesAnalyzed"]:
        raise RuntimeError(f"pyright found no file in {project}")
    return sorted(
        _finding(
            Path(report["file"]).relative_to(project.resolve()).as_posix(),
            report["range"]["start"]["line"] + 1,
            {"code": report.get("rule", report["severity"]), "message": report["message"]},
        )
        for report in document["generalDiagnostics"]
    )


def _finding(file: str, line: int, report: dict[str, Any]) -> Finding:
    return Finding(file, line, report["code"] or report["severity"], report["message"])
