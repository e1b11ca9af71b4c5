"""One writer at a time in a directory."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import fcntl

__all__ = ["exclusive"]

_NO_LOCKS_HERE: Final = {errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS}  # some network file systems


@contextmanager
def exclusive(directory: Path) -> Iterator[bool]:
    """Hold the only lock on a directory, waiting for it; the lock is the kernel's and leaves no file behind.

    Yields whether it is held: on Windows, and on file systems without locks, runs at once are not kept apart.
    Raises OSError where the directory cannot be opened.
    """
    if sys.platform == "win32":
        yield False
    else:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield _locked(descriptor)
        finally:
            with suppress(OSError):  # closing lets go of the lock, whatever it says
                os.close(descriptor)


if sys.platform != "win32":

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE:
                raise
            return False
        return True
