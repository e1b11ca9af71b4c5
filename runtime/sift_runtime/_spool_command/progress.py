"""How far long work is: a line that is written over, on a terminal only."""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["Progress"]

_WIDTH: Final = 30


class Progress:
    """A bar on standard error; nothing where nobody watches."""

    def __init__(self, what: str, whole: int) -> None:
        """Begin at nothing of so much."""
        self._what, self._whole = what, max(1, whole)
        self._shows = sys.stderr.isatty()

    def at(self, done: int) -> None:
        """Show that so much is done."""
        if self._shows:
            filled = _WIDTH * min(done, self._whole) // self._whole
            sys.stderr.write(f"\r{self._what} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done:,} of {self._whole:,}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._shows:
            sys.stderr.write("\n")
