"""A segment that records are appended to: queue, write-ahead log and send buffer in one."""

from __future__ import annotations

import mmap
import operator
import os
from array import array
from collections.abc import Callable
from typing import Final
from zlib import crc32

from sift_runtime._frames import SMALLEST_FRAME
from sift_runtime._generation import Makers
from sift_runtime._spool.layout import HEADERS_SIZE, Layout, SegmentHeader, packed_header, used_size
from sift_runtime._spool.records import Records

__all__ = ["Segment"]

_UNUSED: Final[Makers] = {}
_NO_CHECKSUM: Final[Callable[[bytes | memoryview, int], int]] = operator.is_  # always 0, at the cost of a call in C


class Segment(Records):
    """Records in mapped memory, which is all zero when it begins.

    Appending takes no lock where the interpreter has one. It is done in a stretch of code with no call in it, into
    which neither another thread nor a signal's handler can get; Tracker.track() has its own copy of that stretch. Only
    a garbage collection may run code in the middle: what is appended there comes after, and `committed` tells that
    something before it is not whole yet.
    """

    __slots__ = (
        "_memory",
        "checksum",
        "committed",
        "descriptor",
        "end",
        "layout",
        "limit",
        "makers",
        "number",
        "records",
        "sealed",
        "seed",
    )

    def __init__(self, number: int, layout: Layout, memory: mmap.mmap, descriptor: int = -1) -> None:
        """Take memory that is as large as the layout says; nothing can be appended before begin()."""
        self._memory = memory
        self.descriptor = descriptor
        self.checksum = crc32 if descriptor >= 0 else _NO_CHECKSUM
        """Of a record's bytes and the seed; memory that nobody will read again needs none."""
        self.number = number
        self.layout = layout
        view = memoryview(memory)
        words = view[HEADERS_SIZE : layout.payload_start].cast("Q")
        super().__init__(words, view[layout.payload_start : layout.size], array("H", bytes(2 * layout.records)))
        self.makers = _UNUSED
        """How a frame of each flow is made, and the flow's number."""
        self.end = self.records = self.committed = self.seed = 0
        self.limit = 0
        """The end up to which records may be appended without attention; see Spool."""
        self.sealed = False
        """Whether nothing may be appended any more."""

    def begin(self, header: SegmentHeader, makers: Makers) -> None:
        """Say what the records are made for; the first to come still needs attention."""
        packed = packed_header(header)
        self.makers = makers
        self.seed = header.seed
        self._memory[:HEADERS_SIZE] = packed

    def append(self, frame: bytes | memoryview, flow: int) -> bool:
        """Append a record; False where it would end above the limit."""
        checksum = self.checksum(frame, self.seed)
        size = len(frame)
        # No call from here on.
        start = self.end
        end = start + size
        if end > self.limit:
            return False
        record = self.records
        self.end = end
        self.records = record + 1
        self.payload[start:end] = frame
        self.flows[record] = flow
        self.words[record] = end << 32 | checksum
        self.committed += 1
        return True

    def append_regardless(self, frames: bytes | memoryview, flow: int, count: int = 1) -> bool:
        """Append frames as one record, whatever the limit; False where they do not fit, or nothing may be appended."""
        checksum = self.checksum(frames, self.seed)
        size = len(frames)
        layout = self.layout
        # No call from here on.
        start = self.end
        end = start + size
        record = self.records
        if self.sealed or end > layout.payload_bytes or record >= layout.records:
            return False
        if count != 1:
            self.blocks[record] = count
        self.end = end
        self.records = record + 1
        self.payload[start:end] = frames
        self.flows[record] = flow
        self.words[record] = end << 32 | checksum
        self.committed += 1
        return True

    def room(self) -> int:
        """Return the end up to which neither the payload nor the index can get full; 0 where it takes nothing."""
        if self.sealed:
            return 0
        return min(self.layout.payload_bytes, self.end + (self.layout.records - self.records) * SMALLEST_FRAME)

    def used_size(self) -> int:
        """Return how many bytes it takes up to its last record."""
        return used_size(self.layout, self.end)

    def ready(self, first: int) -> int:
        """Return the end of the records from `first` on that are committed without a gap."""
        records = self.records
        if self.committed == records:
            return records
        return next((at for at in range(first, records) if not self.words[at]), records)

    @property
    def is_whole(self) -> bool:
        """Whether nobody is in the middle of appending; once it is sealed, nobody comes after."""
        return self.committed == self.records

    def close(self) -> None:
        """Let go of the file's descriptor, and take nothing more; what has been appended can be read still."""
        self.limit = 0
        self.sealed = True
        descriptor = self.take_descriptor()
        if descriptor >= 0:
            os.close(descriptor)

    def renewed(self, number: int) -> Segment:
        """Return a new segment in the memory of this one, of which nothing is needed any more."""
        self.limit = 0
        used = HEADERS_SIZE + 8 * self.records
        self._memory[:used] = bytes(used)
        return Segment(number, self.layout, self._memory, self.take_descriptor())

    def take_descriptor(self) -> int:
        """Return the file's descriptor, the caller's from now on; -1 where another has it, or there is none."""
        descriptor, self.descriptor = self.descriptor, -1
        return descriptor
