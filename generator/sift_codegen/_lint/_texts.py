"""Places of a source file as offsets into its text, and back."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

from sift_codegen._diagnostics import Position, SourceFile

__all__ = ["Text"]

_BREAK = re.compile(r"\r\n|\r|\n")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)*")


@dataclass(slots=True)
class Text:
    """A file's text; lines break as YAML 1.2 has it."""

    source: SourceFile
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Find the lines once."""
        self.starts = [0, *(found.end() for found in _BREAK.finditer(self.source.text))]

    def offset(self, position: Position) -> int:
        """Return the offset of a place."""
        return self.starts[position.line - 1] + position.column - 1

    def position(self, offset: int) -> Position:
        """Return the place of an offset."""
        line = bisect.bisect_right(self.starts, offset)
        return Position(self.source, line, offset - self.starts[line - 1] + 1)

    def properties(self, offset: int) -> str:
        """Return the anchor and the tag that stand before a value, with the blanks behind them."""
        found = _PROPERTIES.match(self.source.text, offset)
        return found[0] if found else ""
