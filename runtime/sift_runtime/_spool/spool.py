"""The records that wait to be sent: appended by track(), taken by the sender, and every one of them accounted for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from sift_runtime._origin import Origin
from sift_runtime._spool.accounts import Work, stats_of
from sift_runtime._spool.intake import Intake
from sift_runtime._spool.outlet import Outlet
from sift_runtime._spool.progress import Progress
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.syncing import Unsynced, sync_all
from sift_runtime._stats import State, Stats

__all__ = ["Spool"]

_log: Final = logging.getLogger("sift_runtime")


class Spool(Intake, Outlet):
    """First in, first out, unless the newest are to go first.

    track() appends to `head` without a lock as long as the record ends below the head's limit. Where it does not, it
    appends with attention: makes room, sees to it that the sender wakes up when a batch is due, sets the limit anew.
    """

    def flow_number(self, name: str) -> int:
        """Return the number that stands for a flow."""
        with self._lock:
            return self._shelf.names.number(name)

    def count_retry(self) -> None:
        """Count one more try."""
        with self._lock:
            self._retries += 1
            self._drop_older()

    def count_error(self) -> None:
        """Count a flow that could not be tracked."""
        with self._lock:
            self._errors += 1

    def wait_until_settled(self, timeout: float | None) -> bool:
        """Return True once everything appended before this call is settled, False at the timeout or when closed."""
        with self._lock:
            waiting = self._shelf.progress
            end, errands = self.head.records, self._errands.copy()
            longest = timeout if timeout is None else min(timeout, threading.TIMEOUT_MAX)
            call = object()
            try:
                self.begin_flush(call)
                self.changed.wait_for(lambda: self._closed or self._is_settled(waiting, end, errands), longest)
            finally:  # also where a signal ends the wait
                self.end_flush(call)
            return self._is_settled(waiting, end, errands)

    def begin_flush(self, call: object) -> None:
        """Have batches be due at once until this call ends."""
        with self._lock:
            self._flushing.add(call)
            self.changed.notify_all()

    def end_flush(self, call: object) -> None:
        """Let batches wait again; of no effect where the call has not begun."""
        with self._lock:
            self._flushing.discard(call)

    def expect(self, errand: str) -> None:
        """Have wait_until_settled() wait for something that comes after the data, too."""
        with self._lock:
            self._errands.add(errand)

    def done(self, errand: str) -> None:
        """Note that it has been done."""
        with self._lock:
            self._errands.discard(errand)
            self.changed.notify_all()

    def holds(self, wanted: Callable[[Origin], bool]) -> bool:
        """Tell whether any records of such origins are not settled, or whether there may be; unreadable ones aside."""
        with self._lock:
            left = [each for each in self._shelf.progress if not each.is_done() and not each.is_unreadable]
            return any(
                each.origin is None or (each.first_unsettled() < each.ready() and wanted(each.origin)) for each in left
            )

    def close(self) -> None:
        """Let everybody who waits go on; what is not settled stays where it is."""
        with self._lock:
            self._closed = True
            self.changed.notify_all()

    def end(self) -> None:
        """Take nothing more, and leave what is not settled to the next process."""
        with self._lock:
            self._ended = True
            self.head.limit = 0
            self.changed.notify_all()
        try:
            if self._policy.durability == "power":
                self.sync()
        except OSError as error:
            _log.error("the spool could not be synced at its end: %s", error)
        with self._lock:
            self._shelf.came()
            self._shelf.move_to_disk(sync=self._policy.durability == "power", at_end=True)
            self._shelf.close()

    def leave_to_parent(self) -> None:
        """Take nothing more in a forked child, whose parent goes on with the same files; takes no lock.

        Whoever the fork has interrupted in the middle of appending goes on here, too, and is told that it is closed.
        """
        self._ended = True
        for progress in self._shelf.progress:
            if isinstance(progress.records, Segment):
                progress.records.limit, progress.records.sealed = 0, True

    @property
    def is_to_be_synced(self) -> bool:
        """Whether somebody has to call sync() now and then."""
        return self._policy.durability == "power" and bool(self.directories)

    def sync(self) -> None:
        """Have what has been appended up to now survive a power cut; takes as long as the disk does."""
        pending: list[Unsynced] = []
        try:
            with self._lock:
                for progress in self._shelf.progress:
                    if progress.is_unsynced:
                        pending.append(Unsynced.of(progress))  # may lack a descriptor: those before it are synced
        finally:
            sync_all(pending)

    def stats(self, state: State, sender_restarts: int) -> Stats:
        """Return the ledger of this moment."""
        with self._lock:
            self._drop_older()
            work = Work(
                state=state,
                last_acknowledged=self._last_acknowledged,
                batches=self._batches,
                retries=self._retries,
                sender_restarts=sender_restarts,
                serialization_errors=self._errors,
            )
            return stats_of(self._shelf, work)

    def _is_settled(self, segments: tuple[Progress, ...], end: int, errands: set[str]) -> bool:
        """Tell whether these are gone, the last of them settled up to this record, and the errands done."""
        if errands & self._errands:
            return False
        if not segments:  # closed, with nothing left
            return True
        *earlier, last = segments
        here = self._shelf.progress
        gone = last not in here or last.first_unsettled() >= end
        return gone and not any(progress in here for progress in earlier)
