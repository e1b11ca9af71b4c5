"""Where segments live: in memory that dies with the process, or in a directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from sift_runtime._spool.copying import SegmentCopy
from sift_runtime._spool.dead_letters import DeadLetter
from sift_runtime._spool.layout import Layout
from sift_runtime._spool.loaded import LoadedSegment
from sift_runtime._spool.reservation import map_memory
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.trimming import Glance

__all__ = ["MemoryStore", "Store"]

_MOST_SPARE: Final = 2


class Store(Protocol):
    """Makes segments and lets go of them; every method may raise OSError."""

    outlives_process: bool
    path: Path | None

    def numbers(self) -> list[int]:
        """Return the numbers of the segments that are there, the oldest first."""
        ...

    def first_number(self) -> int:
        """Return the first number that no segment has had."""
        ...

    def size(self, number: int) -> int:
        """Return how many bytes a segment takes."""
        ...

    def changed(self, number: int) -> float:
        """Return when a segment was last written to, in seconds since 1970."""
        ...

    def new(self, number: int, layout: Layout) -> Segment:
        """Return an empty segment whose blocks are reserved."""
        ...

    def glance(self, number: int) -> Glance | None:
        """Look at what a segment is for; None if its header is damaged beyond use."""
        ...

    def load(self, number: int, number_of: Callable[[str], int]) -> LoadedSegment | None:
        """Read a segment; None if its header is damaged beyond use."""
        ...

    def settlements(self, number: int, seed: int) -> list[Settlement]:
        """Return what became of a segment's records, as far as anybody noted it."""
        ...

    def note(self, number: int, seed: int, settlement: Settlement) -> None:
        """Keep what became of some records."""
        ...

    def retire(self, number: int, segment: Segment | None, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Count a segment of which everything is settled, and let go of it."""
        ...

    def trim(self, segment: Segment) -> int:
        """Give back what a segment that is sealed does not use; returns what it takes from now on."""
        ...

    def put_away(self, segment: Segment) -> int:
        """Let go of the memory of a segment that will be read much later; returns what it takes from now on."""
        ...

    def take_over(self, number: int, copy: SegmentCopy, *, sync: bool) -> int:
        """Keep a copy of a segment of another store; returns what it takes."""
        ...

    def give_up(self, number: int) -> None:
        """Remove a copy that is not needed after all."""
        ...

    def count(self, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Count what was in no segment."""
        ...

    def keep(self, letters: list[DeadLetter]) -> None:
        """Keep what the server refused."""
        ...

    def quarantine(self, number: int, loaded: LoadedSegment) -> None:
        """Keep the bytes of records that are not whole."""
        ...

    def discard(self, number: int) -> None:
        """Take a segment away whose header is damaged beyond use."""
        ...

    def abandon(self, segment: Segment) -> None:
        """Let go of a segment that was made and never begun."""
        ...

    def close(self) -> None:
        """Leave everything to whoever comes next."""
        ...


class MemoryStore:
    """Segments of anonymous memory; what was touched once is used again, as its pages are there already."""

    outlives_process = False
    path: Path | None = None

    def __init__(self, keep: Callable[[list[DeadLetter]], None] | None = None) -> None:
        """Begin with none; what is refused goes to `keep`, else it is only counted and logged."""
        self._spare: list[Segment] = []
        self._noted: dict[int, list[Settlement]] = {}
        self._keep = keep

    def numbers(self) -> list[int]:
        """Return none: it began with the process."""
        return []

    def first_number(self) -> int:
        """Return 1."""
        return 1

    def size(self, number: int) -> int:
        """Return 0: there is none."""
        return 0

    def new(self, number: int, layout: Layout) -> Segment:
        """Return an empty segment."""
        spare, self._spare = self._spare[:1], self._spare[1:]
        if spare and spare[0].layout == layout:
            return spare[0].renewed(number)
        return Segment(number, layout, map_memory(layout.size))

    def changed(self, number: int) -> float:
        """Return 0: there is none."""
        return 0.0

    def glance(self, number: int) -> Glance | None:
        """Return nothing: nothing is left by others."""
        return None

    def load(self, number: int, number_of: Callable[[str], int]) -> LoadedSegment | None:
        """Return nothing: what was let go of is gone."""
        return None

    def settlements(self, number: int, seed: int) -> list[Settlement]:
        """Return what has been noted."""
        return self._noted.get(number, [])

    def note(self, number: int, seed: int, settlement: Settlement) -> None:
        """Keep it for as long as the segment: both may be moved to a disk."""
        self._noted.setdefault(number, []).append(settlement)

    def retire(self, number: int, segment: Segment | None, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Keep a segment for later, or give its memory back."""
        self._noted.pop(number, None)
        if segment is not None:
            self._spare = [segment, *self._spare][:_MOST_SPARE]

    def trim(self, segment: Segment) -> int:
        """Do nothing: memory that was never touched takes no room."""
        return segment.used_size()

    def put_away(self, segment: Segment) -> int:
        """Do nothing: it is nowhere else."""
        return segment.layout.size

    def take_over(self, number: int, copy: SegmentCopy, *, sync: bool) -> int:
        """Refuse: what is in memory already stays where it is."""
        raise NotImplementedError

    def give_up(self, number: int) -> None:
        """Do nothing: there is none."""

    def count(self, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Do nothing: it would die with the process."""

    def keep(self, letters: list[DeadLetter]) -> None:
        """Keep them where there is a directory, after all."""
        if self._keep is not None:
            self._keep(letters)

    def quarantine(self, number: int, loaded: LoadedSegment) -> None:
        """Do nothing: nothing is loaded."""

    def discard(self, number: int) -> None:
        """Do nothing: there is none."""

    def abandon(self, segment: Segment) -> None:
        """Keep it for later."""
        self._spare = [segment, *self._spare][:_MOST_SPARE]

    def close(self) -> None:
        """Do nothing."""
