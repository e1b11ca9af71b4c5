"""Segments whose memory was let go of, or that earlier processes have left: put away, and read again."""

from __future__ import annotations

import logging
from typing import Final

from sift_runtime._spool.adoption import take_in
from sift_runtime._spool.beside import HoldingBeside
from sift_runtime._spool.loaded import LoadedSegment
from sift_runtime._spool.progress import Progress
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome

__all__ = ["Rereading"]

_log: Final = logging.getLogger("sift_runtime")
_ALWAYS_MAPPED: Final = 2
_MOST_MAPPED: Final = 8


class Rereading(HoldingBeside):
    """What is sent much later takes no memory until then."""

    def put_away(self, *, synced_only: bool) -> None:
        """Let go of the memory of segments that will be sent much later, and of their files.

        Those that are sent next keep it: two of any size, and of small ones as many as two large ones hold.
        """
        size, most = 0, _ALWAYS_MAPPED * self._layouts[-1].size
        for number, progress in enumerate(self.progress[:-1]):
            size += progress.size
            if number < _ALWAYS_MAPPED or (number < _MOST_MAPPED and size <= most):
                continue
            segment = progress.records
            if isinstance(segment, Segment) and progress.sealed and progress.is_on_disk and not progress.in_flight:
                if synced_only and progress.synced < segment.records:
                    continue
                self.came()
                seen = self.progress
                is_here = progress in seen
                appended, is_counted = segment.end, progress.tally.records == segment.records
                # No call from here on.
                if not is_here or self.progress is not seen or progress.in_flight:
                    continue
                if is_counted and progress.records is segment:
                    progress.records = None
                    self.tallies.retired_bytes += appended
                    # All of it has changed.
                    progress.size = progress.store.put_away(segment)

    def load(self, progress: Progress) -> None:
        """Read a segment here and now, in spite of the lock."""
        try:
            loaded = progress.store.load(progress.number, self.names.number)
        except FileNotFoundError:
            self.vanished(progress)
        except OSError as error:
            progress.cannot_be_read(error)
        else:
            self.read(progress, loaded)

    def read(self, progress: Progress, loaded: LoadedSegment | None) -> None:
        """Take what was read of a segment that was put away, or left by an earlier process; None: nothing could be.

        Reading takes a while, without the lock: what was dropped meanwhile, or read by another, stays as it is.
        """
        if not self._is_wanted(progress):
            return
        if loaded is None:
            self._discard(progress)
            return
        if loaded.damages:
            progress.store.quarantine(progress.number, loaded)
        take_in(progress, loaded, self.tallies, self.settle)

    def vanished(self, progress: Progress) -> None:
        """Count what was in a segment whose file somebody has removed, unless it was dropped meanwhile."""
        if not self._is_wanted(progress):
            return
        self._lost(progress)
        _log.error("spool segment %d is gone, and what was left in it", progress.number)

    def _discard(self, progress: Progress) -> None:
        """Let go of a segment that does not say what it is."""
        if progress.origin is None:  # nobody has counted what is in it
            self.progress = tuple(other for other in self.progress if other is not progress)
            progress.store.discard(progress.number)
        else:
            progress.store.discard(progress.number)
            self._lost(progress)

    def _lost(self, progress: Progress) -> None:
        self.tallies.count(progress, Outcome.DAMAGED, progress.left())
        self._remove(progress, progress.gone)

    def _is_wanted(self, progress: Progress) -> bool:
        return progress.records is None and progress in self.progress
