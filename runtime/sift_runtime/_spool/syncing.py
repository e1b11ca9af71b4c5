"""Group commit: what was appended is made to survive a power cut, ten times a second, and nobody waits for it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_runtime._spool.progress import Progress
from sift_runtime._spool.segment import Segment

__all__ = ["Syncer", "Unsynced", "sync_all"]

_log: Final = logging.getLogger("sift_runtime")
_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Unsynced:
    """Records of a segment that the disk may not have yet; `descriptor` is our own, as the segment may go meanwhile."""

    progress: Progress
    ready: int
    descriptor: int
    directory: Path | None

    @classmethod
    def of(cls, progress: Progress) -> Unsynced:
        """Note how far a segment has come."""
        segment = progress.records
        assert isinstance(segment, Segment), "what was put away is synced"  # noqa: S101
        is_new = progress.synced == 0
        directory = progress.store.path if is_new else None
        return cls(progress, segment.ready(progress.synced), os.dup(segment.descriptor), directory)

    def sync(self) -> None:
        """Wait until the disk has them, and the name of their file; raises OSError."""
        try:
            os.fdatasync(self.descriptor)
        finally:
            os.close(self.descriptor)
        if self.directory is not None:
            _sync_directory(self.directory)
        self.progress.synced = max(self.progress.synced, self.ready)


def sync_all(pending: Iterable[Unsynced]) -> None:
    """Sync each, and let go of its descriptor, whatever becomes of the others; raises the first OSError at the end."""
    failed: list[OSError] = []
    for unsynced in pending:
        try:
            unsynced.sync()
        except OSError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Syncer:
    """A thread that calls `sync` every tenth of a second until it is stopped."""

    def __init__(self, sync: Callable[[], None]) -> None:
        """Start nothing yet."""
        self._sync = sync
        self._stopping = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="sift-syncer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was appended last is left to whoever stops it."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(_SECONDS):
            try:
                self._sync()
            except OSError as error:
                if not self._failing:
                    _log.error("the spool cannot be synced, a power cut would lose what is in it: %s", error)
                self._failing = True
            else:
                self._failing = False
