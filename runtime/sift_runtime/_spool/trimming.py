"""Giving back the room that a segment was given and will not use: its process has ended early."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

from sift_runtime._spool.layout import HEADERS_SIZE, WORD_SIZE, read_header, used_size

__all__ = ["trim"]

_BITS_BELOW_END: Final = 32


def trim(path: Path) -> None:
    """Cut a segment's file behind its last record; where anything about it is strange, leave it alone. Raises OSError.

    In a vehicle that restarts every few seconds, every process leaves a segment of which it has hardly used anything.
    When the file was written to last stays as it is: that tells how old the records are.
    """
    with path.open("r+b") as file:
        before = os.fstat(file.fileno())
        size = _used_size(file)
        if size < before.st_size:
            file.truncate(size)
            os.utime(file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))


def _used_size(file: BinaryIO) -> int:
    header = read_header(file.read(HEADERS_SIZE))
    if header is None:
        return sys.maxsize
    index = file.read(header.layout.payload_start - HEADERS_SIZE).rstrip(b"\0")
    words = memoryview(index.ljust(-(-len(index) // WORD_SIZE) * WORD_SIZE, b"\0")).cast("Q")
    end = max(words, default=0) >> _BITS_BELOW_END
    is_damaged = len(words) > 0 and end != words[-1] >> _BITS_BELOW_END
    return sys.maxsize if is_damaged else used_size(header.layout, end)
