"""Findings as text for people, as one JSON document for programs, and as workflow commands for GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from sift_codegen._diagnostics import Diagnostic, Position, Severity
from sift_codegen._lint._codes import CODES
from sift_codegen._lint._finding import Finding
from sift_codegen._literals import comment_text
from sift_codegen._render_diagnostics import render_diagnostic

__all__ = ["FORMATS", "render_findings"]

_VERSION: Final = 1
_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_findings(findings: Sequence[Finding], form: str) -> str:
    """Return the findings in one of FORMATS."""
    return FORMATS[form](findings)


def _text(findings: Sequence[Finding]) -> str:
    return "".join(f"{render_diagnostic(each.diagnostic, _kind(each.diagnostic))}\n" for each in findings)


def _kind(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.severity.value}[{diagnostic.code}]: "


def _json(findings: Sequence[Finding]) -> str:
    document = {"version": _VERSION, "findings": [_as_json(each) for each in findings]}
    return json.dumps(document, indent=2) + "\n"


def _as_json(finding: Finding) -> dict[str, Any]:
    diagnostic = finding.diagnostic
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "title": CODES[diagnostic.code].title,
        **_place(diagnostic.position),
        "message": diagnostic.message,
        "notes": list(diagnostic.notes),
        "related": [_place(position) for position in diagnostic.also],
        "fixable": bool(finding.fix),
    }


def _place(position: Position) -> dict[str, Any]:
    return {"path": _path(position), "line": position.line, "column": position.column}


def _path(position: Position) -> str:
    return position.source.path or position.source.name


def _github(findings: Sequence[Finding]) -> str:
    return "".join(f"{_workflow_command(each.diagnostic)}\n" for each in findings)


def _workflow_command(diagnostic: Diagnostic) -> str:
    """Return one command (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    position = diagnostic.position
    properties = {
        "file": _path(position),
        "line": str(position.line),
        "col": str(position.column),
        "title": f"{diagnostic.code} {CODES[diagnostic.code].title}",
    }
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join(map(comment_text, (diagnostic.message, *diagnostic.notes)))
    return f"::{_COMMANDS[diagnostic.severity]} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[dict[str, Callable[[Sequence[Finding]], str]]] = {"text": _text, "json": _json, "github": _github}
