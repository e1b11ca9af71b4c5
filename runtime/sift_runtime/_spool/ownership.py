"""One process per spool directory: who owns one, and which are free because their process is gone."""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Ownership", "free_directories", "is_owned", "new_directory", "own", "sync_directory"]

# struct flock: type, whence, start, length, process; of sizes that vary, so with room to spare.
_A_WRITE_LOCK: Final = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0).ljust(64, b"\0")
_LOCK: Final = "owner.lock"
_OURS_ALONE_DIRECTORY: Final = 0o700
_OURS_ALONE: Final = 0o600

# A POSIX lock keeps other processes out, not this one: a second Sdk could lock what the first has, and would free it
# for everybody when it closes its descriptor. So this process keeps a list of its own.
_owned: set[tuple[int, int]] = set()


@dataclass(slots=True)
class Ownership:
    """A directory that this process alone uses until release(); a killed process releases by dying."""

    path: Path
    descriptor: int
    identity: tuple[int, int]

    def renew(self) -> None:
        """Make and own the directory again, where somebody has removed it; raises OSError."""
        self.path.mkdir(mode=_OURS_ALONE_DIRECTORY, parents=True, exist_ok=True)
        if owned := _try_to_own(self.path, create=os.O_CREAT):
            self.release()
            self.descriptor, self.identity = owned.descriptor, owned.identity

    def remove(self) -> None:
        """Remove the directory with all that is in it, and then let go of it; raises OSError.

        The lock goes last, and nobody who adopts makes a new one: who has opened it before finds it gone.
        """
        lock = self.path / _LOCK
        for file in self.path.iterdir():
            if file != lock:
                file.unlink()
        lock.unlink()
        self.path.rmdir()
        self.release()

    def release(self) -> None:
        """Let others have the directory."""
        _owned.discard(self.identity)
        os.close(self.descriptor)


def new_directory(root: Path) -> Ownership:
    """Make a directory of our own; raises OSError."""
    root.mkdir(mode=_OURS_ALONE_DIRECTORY, parents=True, exist_ok=True)
    while True:
        path = root / secrets.token_hex(8)
        with suppress(FileExistsError):
            path.mkdir(mode=_OURS_ALONE_DIRECTORY)
            for parent in (root, root.parent):  # else a power cut may take the directory, and all that is in it
                with suppress(OSError):
                    sync_directory(parent)
            if owned := _try_to_own(path, create=os.O_CREAT):
                return owned


def sync_directory(path: Path) -> None:
    """Wait until the disk has the names that are in a directory; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def own(path: Path) -> Ownership | None:
    """Own one directory; None where a living process has it."""
    return _try_to_own(path)


def free_directories(root: Path) -> Iterator[Ownership]:
    """Own and yield, oldest first, each spool directory that no living process owns."""
    with suppress(FileNotFoundError):
        for path in sorted(root.iterdir(), key=_age):
            if owned := _try_to_own(path):  # not what is no directory of ours, or cannot be looked into
                yield owned


def is_owned(path: Path) -> bool:
    """Tell whether a living process has a directory; looks, and locks nothing."""
    with suppress(OSError):
        if _identity((path / _LOCK).stat()) in _owned:  # not even opened: closing it would free it for everybody
            return True
    with suppress(OSError), (path / _LOCK).open("rb") as file:
        asked = fcntl.fcntl(file.fileno(), fcntl.F_GETLK, _A_WRITE_LOCK)
        return int(struct.unpack_from("h", asked)[0]) != fcntl.F_UNLCK
    return False


def _age(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:  # its adopter has just removed it
        return 0.0, path.name


def _try_to_own(path: Path, *, create: int = 0) -> Ownership | None:
    """Lock a directory; None where another has it, or has removed it meanwhile.

    fcntl's lock, as flock's is shared with forked children, who would own what their parent owns.
    """
    lock = path / _LOCK
    with suppress(OSError):
        if _identity(lock.stat()) in _owned:  # not even opened: closing it would free it for everybody
            return None
    try:
        descriptor = os.open(lock, os.O_RDWR | create | os.O_CLOEXEC | os.O_NOFOLLOW, _OURS_ALONE)
    except OSError:
        return None
    identity = _identity(os.fstat(descriptor))
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_there_still = _identity(lock.stat()) == identity
    except OSError:
        is_there_still = False
    if not is_there_still:
        os.close(descriptor)
        return None
    _owned.add(identity)
    return Ownership(path, descriptor, identity)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _forked() -> None:
    _owned.clear()


os.register_at_fork(after_in_child=_forked)
