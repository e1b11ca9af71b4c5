"""Where segments live: in memory that dies with the process, or in a directory."""

from __future__ import annotations

from typing import Final, Protocol

from sift_runtime._spool.layout import Layout
from sift_runtime._spool.reservation import map_memory
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Settlement

__all__ = ["MemoryStore", "Store"]


class Store(Protocol):
    """Makes segments and lets go of them; every method may raise OSError."""

    def new(self, number: int, layout: Layout) -> Segment:
        """Return an empty segment whose blocks are reserved."""

    def note(self, segment: Segment, settlement: Settlement) -> None:
        """Keep what became of some records."""

    def retire(self, segment: Segment) -> None:
        """Let go of a segment of which everything is settled."""


class MemoryStore:
    """Segments of anonymous memory; what was touched once is used again, as its pages are there already."""

    def __init__(self) -> None:
        """Begin with none."""
        self._spare: list[Segment] = []

    def new(self, number: int, layout: Layout) -> Segment:
        """Return an empty segment."""
        spare, self._spare = self._spare[:1], self._spare[1:]
        if spare and spare[0].layout == layout:
            return spare[0].renewed(number)
        return Segment(number, layout, map_memory(layout.size))

    def note(self, segment: Segment, settlement: Settlement) -> None:
        """Keep nothing: it would die with the segment."""

    def retire(self, segment: Segment) -> None:
        """Keep a segment for later, or give its memory back."""
        self._spare = [segment, *self._spare][:_MOST_SPARE]


_MOST_SPARE: Final = 2
