"""A segment that is read only: what an earlier process has left, or this one has put away meanwhile."""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Callable
from pathlib import Path
from struct import Struct
from typing import Final

from sift_runtime._frames import flow_name
from sift_runtime._spool.layout import HEADERS_SIZE, SegmentHeader, read_header
from sift_runtime._spool.records import Records
from sift_runtime._spool.recovery import Damage, recover

__all__ = ["NOBODY", "LoadedSegment", "load"]

_LENGTH: Final = Struct(">xI")
_LONGEST_NAME: Final = 1 << 16
NOBODY: Final = ""
"""The flow of a record that does not say it any more."""


class LoadedSegment(Records):
    """Records that have been checked one by one; `damages` are those that are not whole."""

    __slots__ = ("_memory", "damages", "header", "records")

    def __init__(self, header: SegmentHeader, memory: mmap.mmap, number_of: Callable[[str], int]) -> None:
        """Check everything and look up whose it is."""
        view = memoryview(memory)
        found = recover(header, view)
        layout = header.layout
        super().__init__(found.words, view[layout.payload_start : layout.size], array("H", bytes(2 * len(found.words))))
        self._memory = memory
        self.header = header
        self.damages: list[Damage] = found.damages
        self.records = len(found.words)
        for first, end in found.whole():
            for record in range(first, end):
                self._look_up(record, number_of)
        for damage in found.damages:
            for record in range(damage.first, damage.end):
                self.flows[record] = number_of(NOBODY)

    def ready(self, first: int) -> int:
        """Return the end of the records: all are committed."""
        return max(first, self.records)

    def _look_up(self, record: int, number_of: Callable[[str], int]) -> None:
        """Note a record's flow and how many frames it holds."""
        start, end = self.start_of(record), self.start_of(record + 1)
        size = _LENGTH.size + _LENGTH.unpack_from(self.payload, start)[0]
        self.flows[record] = number_of(
            flow_name(bytes(self.payload[start + _LENGTH.size : start + min(size, _LONGEST_NAME)]))
        )
        if start + size < end:
            self.blocks[record] = self._frames_between(start, end)

    def _frames_between(self, start: int, end: int) -> int:
        count = 0
        while start < end:
            start += _LENGTH.size + _LENGTH.unpack_from(self.payload, start)[0]
            count += 1
        return count


def load(path: Path, number_of: Callable[[str], int]) -> LoadedSegment | None:
    """Read a segment file; None where neither copy of its header is whole. Raises OSError."""
    with path.open("rb") as file:
        header = read_header(file.read(HEADERS_SIZE))
        if header is None:
            return None
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return LoadedSegment(header, memory, number_of)
