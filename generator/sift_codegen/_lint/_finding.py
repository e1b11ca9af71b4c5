"""A finding of the linter: a diagnostic, and the change to the file that would mend it where that is certain."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sift_codegen._diagnostics import Diagnostic, Position, SourceFile
from sift_codegen._lint._codes import CODES

__all__ = ["Edit", "Finding", "found", "graded"]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A replacement of the characters from `start` to before `end` of a file's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic whose severity is that of its code; `fix` holds edits of the file in which it stands."""

    diagnostic: Diagnostic
    fix: tuple[Edit, ...] = ()

    @property
    def source(self) -> SourceFile:
        """The file in which it stands."""
        return self.diagnostic.position.source

    @property
    def code(self) -> str:
        """The code of the rule that is broken."""
        return self.diagnostic.code


def found(code: str, place: Position, message: str, *notes: str, also: tuple[Position, ...] = ()) -> Diagnostic:
    """Return what a rule of the linter has found; the other places are told below it."""
    return Diagnostic(place, message, notes, CODES[code].severity, code, also)


def graded(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic of the reader with the severity that its code has for the linter."""
    return replace(diagnostic, severity=CODES[diagnostic.code].severity)
