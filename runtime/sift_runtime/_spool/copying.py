"""A segment in memory as a file's content: what a disk could not take goes there once it can."""

from __future__ import annotations

import os
import secrets
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import crc32

from sift_runtime._spool.layout import SegmentHeader, packed_header
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Settlement

__all__ = ["SegmentCopy", "copy_of", "new_seed", "write_copy"]

_OURS_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class SegmentCopy:
    """A segment's parts as they stand in a file, and what became of its records."""

    header: SegmentHeader
    content: Sequence[bytes | memoryview]
    settlements: Sequence[Settlement]


def copy_of(segment: Segment, header: SegmentHeader, settlements: Sequence[Settlement]) -> SegmentCopy:
    """Return a copy under this header; its records get the checksums that they had no use for in memory."""
    words = array("Q", bytes(8 * segment.layout.records))
    start = 0
    for record in range(segment.records):
        end = segment.words[record] >> 32
        words[record] = end << 32 | crc32(segment.payload[start:end], header.seed)
        start = end
    content = (packed_header(header), memoryview(words).cast("B"), segment.payload[:start])
    return SegmentCopy(header, content, settlements)


def new_seed() -> int:
    """Return a random number for a segment."""
    return secrets.randbits(32)


def write_copy(path: Path, copy: SegmentCopy, *, sync: bool) -> int:
    """Write a copy as a file; returns its size. Raises OSError, and then there is no file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), _OURS_ALONE)
    try:
        for part in copy.content:
            left = memoryview(part)
            while left:
                left = left[os.write(descriptor, left) :]
        if sync:
            os.fsync(descriptor)
        return os.fstat(descriptor).st_size
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(descriptor)
