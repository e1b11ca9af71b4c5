"""Memory that records are put into: a file's, or nobody's."""

from __future__ import annotations

import errno
import mmap
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["map_file", "map_memory", "reserve"]

_OURS_ALONE: Final = 0o600
_CANNOT_RESERVE: Final = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS})
_ZEROES: Final = bytes(1 << 20)


def map_memory(size: int) -> mmap.mmap:
    """Return memory that a forked child has a copy of, not a share in."""
    if not hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, size)
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        # Touched for the first time, a page of 4 KiB costs more than copying into it.
        with suppress(OSError):  # a kernel without large ones
            memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def map_file(path: Path, size: int) -> tuple[mmap.mmap, int]:
    """Make a file of this size, with all its blocks reserved, and map it; returns the descriptor, too.

    A store into a mapping whose block cannot be had ends the process; reserved before, a full disk is an OSError here,
    after which there is no file.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), _OURS_ALONE)
    try:
        reserve(descriptor, size)
        return mmap.mmap(descriptor, size), descriptor
    except BaseException:
        os.close(descriptor)
        path.unlink()
        raise


def reserve(descriptor: int, size: int) -> None:
    """Reserve the blocks that a file lacks: by the system where it can, else by writing zeroes."""
    there = os.fstat(descriptor).st_size
    if there >= size:
        return
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, there, size - there)
        except OSError as error:
            if error.errno not in _CANNOT_RESERVE:
                raise
        else:
            return
    for start in range(there, size, len(_ZEROES)):
        _write_zeroes(descriptor, start, min(len(_ZEROES), size - start))


def _write_zeroes(descriptor: int, start: int, count: int) -> None:
    os.lseek(descriptor, start, os.SEEK_SET)
    while count:
        count -= os.write(descriptor, _ZEROES[:count])
