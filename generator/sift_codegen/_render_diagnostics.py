"""How a finding is shown: like a compiler's, with the line it is about."""

from __future__ import annotations

from typing import Final

from sift_codegen._diagnostics import Diagnostic, Severity
from sift_codegen._literals import comment_text

__all__ = ["render_diagnostic"]

_WIDEST: Final = 160


def render_diagnostic(diagnostic: Diagnostic, kind: str | None = None) -> str:
    """Return `file:line:col: message`, the source line with a mark below the place, and the notes.

    `kind` stands before the message; without it, only a warning says what it is.
    """
    position = diagnostic.position
    if kind is None:
        kind = "warning: " if diagnostic.severity is Severity.WARNING else ""
    lines = [f"{position}: {kind}{comment_text(diagnostic.message)}", *_excerpt(diagnostic)]
    lines += [f"    {comment_text(note)}" for note in diagnostic.notes]
    return "\n".join(lines)


def _excerpt(diagnostic: Diagnostic) -> list[str]:
    lines = diagnostic.position.source.lines
    if diagnostic.position.line > len(lines):
        return []
    text = lines[diagnostic.position.line - 1].replace("\t", " ")
    column = diagnostic.position.column - 1
    if not text.strip() or column > len(text):
        return []
    start = max(0, column - _WIDEST // 2)
    shown = comment_text(text[start : start + _WIDEST])
    indent = len(comment_text(text[start:column]))
    return [f"    {shown}", f"    {' ' * indent}^"]
