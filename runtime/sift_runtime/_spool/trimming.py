"""The room that segments do not use: given back by this process, and of what an earlier one has left at a glance."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sift_runtime._spool.layout import HEADERS_SIZE, WORD_SIZE, SegmentHeader, read_header, used_size
from sift_runtime._spool.segment import Segment

__all__ = ["Glance", "close_file", "cut", "glance", "trim"]

_BITS_BELOW_END: Final = 32


@dataclass(frozen=True, slots=True)
class Glance:
    """What a segment says of itself, none of it checked record by record."""

    header: SegmentHeader
    records: int
    end: int
    """Of the payload that is used, as far as the words make sense."""


def glance(path: Path) -> Glance | None:
    """Look at a segment's header and words; None where neither copy of its header is whole. Raises OSError."""
    with path.open("rb") as file:
        return _glance(file)


def trim(path: Path) -> None:
    """Cut a segment's file behind its last record; where anything about it is strange, leave it alone. Raises OSError.

    In a vehicle that restarts every few seconds, every process leaves a segment of which it has hardly used anything.
    When the file was written to last stays as it is: that tells how old the records are.
    """
    with path.open("r+b") as file:
        before = os.fstat(file.fileno())
        found = _glance(file)
        if found is not None and used_size(found.header.layout, found.end) < before.st_size:
            file.truncate(used_size(found.header.layout, found.end))
            os.utime(file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))


def _glance(file: BinaryIO) -> Glance | None:
    header = read_header(file.read(HEADERS_SIZE))
    if header is None:
        return None
    index = file.read(header.layout.payload_start - HEADERS_SIZE).rstrip(b"\0")
    words = memoryview(index.ljust(-(-len(index) // WORD_SIZE) * WORD_SIZE, b"\0")).cast("Q")
    end = max(words, default=0) >> _BITS_BELOW_END
    is_damaged = len(words) > 0 and end != words[-1] >> _BITS_BELOW_END
    return Glance(header, len(words), sys.maxsize if is_damaged else end)


def cut(segment: Segment) -> int:
    """Cut the file of a sealed segment that is in use behind its last record; returns its size from now on.

    To touch what was cut off ends the process. What appends has to see that it may before it does, with no call in
    between; and where a garbage collection has come into the middle of that, nothing is cut.
    """
    if not segment.is_whole:
        return segment.layout.size
    truncate, size = os.ftruncate, segment.used_size()
    # No call from here on: in any, a signal's handler may have another take the file over.
    truncate(segment.descriptor, size)
    return size


def close_file(segment: Segment) -> int:
    """Cut the file of a sealed segment that nobody uses, and close it; returns its size."""
    descriptor = segment.take_descriptor()
    if descriptor < 0:  # a signal's handler has closed it
        return segment.used_size()
    with suppress(OSError):  # it stays as large as it is
        os.ftruncate(descriptor, segment.used_size())
    size = os.fstat(descriptor).st_size
    os.close(descriptor)
    return size
