"""What became of a segment's records, and the log of it that stands beside the segment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Final
from zlib import crc32

__all__ = ["Outcome", "Settlement", "Settlements", "read_log"]

_ENTRY: Final = Struct("<III")
_CHECKSUM: Final = Struct("<I")
_SIZE: Final = _ENTRY.size + _CHECKSUM.size


class Outcome(IntEnum):
    """How a record left the spool."""

    ACKNOWLEDGED = 1
    REJECTED = 2
    DROPPED_OLDEST = 3
    DROPPED_FOR_AGE = 4
    DAMAGED = 5
    DROPPED_NEWEST = 6


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of the records from `first` up to `end`."""

    first: int
    end: int
    outcome: Outcome

    def packed(self, seed: int) -> bytes:
        """Return the log's entry; the segment's seed makes it worthless beside another segment."""
        entry = _ENTRY.pack(self.first, self.end, self.outcome)
        return entry + _CHECKSUM.pack(crc32(entry, seed))


class Settlements:
    """The settled records of one segment, in any order; a record that is settled twice counts once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._stretches: list[tuple[int, int]] = []

    def add(self, first: int, end: int) -> None:
        """Note that these are settled."""
        before = [stretch for stretch in self._stretches if stretch[1] < first]
        after = [stretch for stretch in self._stretches if stretch[0] > end]
        touching = self._stretches[len(before) : len(self._stretches) - len(after)]
        joined = min([first, *(at for at, _ in touching)]), max([end, *(at for _, at in touching)])
        self._stretches = [*before, joined, *after]

    def unsettled(self, records: int) -> list[tuple[int, int]]:
        """Return the stretches of a segment with so many records that are not settled."""
        edges = [0, *(edge for stretch in self._stretches for edge in stretch), records]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [(first, min(end, records)) for first, end in pairs if first < min(end, records)]


def read_log(content: bytes, seed: int) -> list[Settlement]:
    """Return the entries of a log that are whole and belong to the segment with this seed."""
    found = []
    for start in range(0, len(content) - _SIZE + 1, _SIZE):
        entry = content[start : start + _ENTRY.size]
        first, end, outcome = _ENTRY.unpack(entry)
        (checksum,) = _CHECKSUM.unpack_from(content, start + _ENTRY.size)
        if crc32(entry, seed) == checksum and first < end and outcome in _OUTCOMES:
            found.append(Settlement(first, end, Outcome(outcome)))
    return found


_OUTCOMES: Final = frozenset(Outcome)
