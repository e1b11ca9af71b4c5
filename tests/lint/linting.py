"""Lints configs given as text, through the linter's facade."""

from __future__ import annotations

from pathlib import Path

from sift_codegen import SideInputs
from sift_codegen._lint import Finding, LintReport, LintRequest, Selection, lint

__all__ = ["codes_of", "found_in", "lint_text", "written"]


def written(directory: Path, content: str | bytes, name: str = "vehicle.yaml") -> Path:
    """Write a file exactly as given, line breaks included."""
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lint_text(directory: Path, content: str | bytes, selection: Selection | None = None, *side: Path) -> LintReport:
    """Lint one config, with files of named expressions."""
    request = LintRequest(config=written(directory, content), side_inputs=SideInputs(named_expressions=side))
    return lint([request], selection or Selection())


def found_in(directory: Path, content: str | bytes, code: str) -> list[str]:
    """Return the findings of one code as `line:column: message`, with their notes below."""
    report = lint_text(directory, content, Selection(select=(code,)))
    told = [finding.diagnostic for finding in report.findings if finding.code == code]
    return ["\n".join((f"{each.position.line}:{each.position.column}: {each.message}", *each.notes)) for each in told]


def codes_of(findings: tuple[Finding, ...]) -> list[str]:
    """Return the codes of findings, in order."""
    return [finding.code for finding in findings]
