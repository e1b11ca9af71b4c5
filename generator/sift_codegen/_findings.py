"""Collects findings while reading goes on, so that a config gets every error at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, Severity, SourceFile

__all__ = ["Findings"]

_MOST_ERRORS: Final = 1000
_LONGEST: Final = 1000  # a name may be as long as its file, and a thousand errors may quote it


@dataclass(slots=True)
class Findings:
    """The errors and warnings found so far, each once; a part that several aliases share is read several times."""

    _errors: dict[Diagnostic, None] = field(default_factory=dict)
    _warnings: dict[Diagnostic, None] = field(default_factory=dict)

    def error(
        self, position: Position, message: str, *notes: str, code: str = "", also: tuple[Position, ...] = ()
    ) -> None:
        """Note an error; raises ConfigError beyond a thousand, as nobody reads them."""
        if len(self._errors) >= _MOST_ERRORS:
            raise ConfigError((Diagnostic(position, f"gave up after {_MOST_ERRORS} errors", code="SC009"),))
        found = Diagnostic(position, _cut(message), tuple(map(_cut, notes)), code=code, also=also)
        self._errors.setdefault(found)

    def warn(self, position: Position, message: str, *notes: str, code: str = "") -> None:
        """Note a warning."""
        found = Diagnostic(position, _cut(message), tuple(map(_cut, notes)), Severity.WARNING, code)
        self._warnings[found] = None

    def errors(self, sources: tuple[SourceFile, ...]) -> tuple[Diagnostic, ...]:
        """Return the errors in the order of `sources`, then of their places."""
        return _in_order(self._errors, sources)

    def warnings(self, sources: tuple[SourceFile, ...]) -> tuple[Diagnostic, ...]:
        """Return the warnings in the order of `sources`, then of their places."""
        return _in_order(self._warnings, sources)


def _in_order(found: dict[Diagnostic, None], sources: tuple[SourceFile, ...]) -> tuple[Diagnostic, ...]:
    ranks = {source: rank for rank, source in enumerate(sources)}

    def place(diagnostic: Diagnostic) -> tuple[int, int, int]:
        position = diagnostic.position
        return ranks[position.source], position.line, position.column

    return tuple(sorted(found, key=place))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
