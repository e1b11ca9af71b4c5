"""A progress bar on a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self

__all__ = ["Progress"]

_WIDTH: Final = 30


class Progress:
    """Shows how far a run is and what it does now."""

    def __init__(self, steps: int) -> None:
        """Start before the first of so many steps."""
        self._steps, self._done = steps, 0
        self._started = time.monotonic()
        self._shows = sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the terminal's line."""
        if self._shows:
            sys.stderr.write("\r\x1b[K")

    def step(self, what: str) -> None:
        """Show what begins now."""
        if self._shows:
            filled = _WIDTH * self._done // self._steps
            seconds = time.monotonic() - self._started
            bar = "█" * filled + "░" * (_WIDTH - filled)
            sys.stderr.write(f"\r\x1b[K{bar} {self._done}/{self._steps} {seconds:4.0f} s  {what}")
            sys.stderr.flush()
        self._done += 1
