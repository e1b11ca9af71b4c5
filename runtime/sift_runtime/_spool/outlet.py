"""Handing out batches, and settling their records."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from sift_runtime._settings import BatchLimits
from sift_runtime._spool.core import Core
from sift_runtime._spool.dead_letters import DeadLetter
from sift_runtime._spool.due import end_until_due, next_in_turn, seconds_until_readable, take_batch
from sift_runtime._spool.free_memory import give_free_memory_back
from sift_runtime._spool.progress import Batch, Hold, Progress
from sift_runtime._spool.settlements import Outcome, Settlement

__all__ = ["Outlet"]

_READS_PER_TRIM: Final = 4  # of segments of at most 4 MiB


class Outlet(Core):
    """The way out."""

    _live_next = True
    _reads = 0

    def limit_batches(self, limits: BatchLimits) -> None:
        """Hand out batches of at most this from now on."""
        if limits is not self._limits:
            with self._lock:
                self._limits = limits

    def hold_back(self, hold: Hold) -> None:
        """Hand out no such records until let_go_on()."""
        with self._lock:
            self._held.add(hold)
            for progress in self._shelf.progress:
                self._let_go_if_held(progress)

    def let_go_on(self, hold: Hold) -> None:
        """Hand them out again."""
        with self._lock:
            self._held.discard(hold)
            self.changed.notify_all()

    def nudge(self) -> None:
        """End a take() that waits: there is other work."""
        with self._lock:
            self._nudged = True
            self.changed.notify_all()

    def is_anything_due(self) -> bool:
        """Tell whether take() would find anything at once."""
        with self._lock:
            return self._is_due()

    def seconds_until_ready(self) -> float | None:
        """Return how long take() has nothing to do for; 0 or less for none, None for ever.

        Called with the lock by who waits for `changed`, where news is told from then on.
        """
        self._asleep = False
        if self._closed or self._nudged:
            return 0.0
        wait = self._look()
        if wait is not None and wait <= 0:
            return wait
        self._asleep, self._idle = True, wait is None
        waits = (wait, seconds_until_readable(self._shelf.progress))
        return min((each for each in waits if each is not None), default=None)

    def take(self) -> Batch | None:
        """Return a batch that is due; None if there is none, or when there is other work."""
        while True:
            with self._lock:
                progress = self._next_due()
                if progress is None:
                    return None
                batch = take_batch(progress, self._limits)
                # What is left has waited at most since now: a batch is due only for its oldest record.
                self._waiting_since = time.monotonic()
                if batch is not None and progress.taken == progress.ready():
                    progress.came_fresh(progress.taken)
            if batch is not None:
                return batch
            self._read(progress)

    def _next_due(self) -> Progress | None:
        """Return a segment that something is due in; None if there is none, once closed, or for other work."""
        self._asleep = False
        is_disturbed, self._nudged = self._closed or self._nudged, False
        wait = None if is_disturbed else self._look()
        return self._next_in_turn() if wait is not None and wait <= 0 else None

    def _look(self) -> float | None:
        """Return how long until something is due, and let records in until then; None where nothing waits."""
        self.head.limit = 0  # before looking: what is appended after the look comes with attention
        self._drop_older()
        wait = self._seconds_until_due()
        if wait is not None:
            last = self._shelf.progress[-1]
            self._let_in(last, None if wait <= 0 else end_until_due(last, self._limits))
        return wait

    def _next_in_turn(self) -> Progress | None:
        """Return the oldest segment that something waits in; in turn with our own newest one, if that is the order."""
        progress, held = self._shelf.progress, self._held
        if self._policy.order == "fresh_first":
            self._live_next = not self._live_next
            own = tuple(each for each in reversed(progress) if not each.is_adopted)
            newest = None if self._live_next else next_in_turn(own, held)
            if newest is not None:
                return newest
        return next_in_turn(progress, held)

    def _read(self, progress: Progress) -> None:
        """Read a segment without the lock: that takes a while."""
        if progress.records is not None:
            return
        try:
            loaded = progress.store.load(progress.number, self._shelf.names.number)
        except FileNotFoundError:
            with self._lock:
                if self._ended:
                    return
                self._shelf.vanished(progress)
                self.changed.notify_all()
            return
        except OSError as error:
            progress.cannot_be_read(error)
            return
        with self._lock:
            if self._ended:
                return
            self._shelf.read(progress, loaded)
            self._shelf.give_back()
            self.changed.notify_all()
        self._reads += 1
        if self._reads % _READS_PER_TRIM == 0:
            give_free_memory_back()

    def flows_of(self, batch: Batch) -> list[str]:
        """Return the names of the flows in a batch."""
        with self._lock:
            return sorted(self._shelf.names.named(Counter(dict.fromkeys(batch.flows, 1))))

    def acknowledge(self, batch: Batch) -> None:
        """Settle all records of a batch as delivered."""
        with self._lock:
            if self._ended:  # it is another process's by now, which sends it once more
                return
            self._shelf.settle(batch.progress, Settlement(batch.first, batch.end, Outcome.ACKNOWLEDGED))
            self._batches += 1
            self._last_acknowledged = datetime.now(UTC)
            self._settled()

    def acknowledge_some(self, batch: Batch, accepted: list[int]) -> Batch:
        """Settle these records of a batch as delivered; returns the stretch that holds all the others."""
        with self._lock:
            for first, end in () if self._ended else _runs(accepted):
                self._shelf.settle(batch.progress, Settlement(first, end, Outcome.ACKNOWLEDGED))
            self._settled()
            left = sorted(set(range(batch.first, batch.end)).difference(accepted))
            return batch.part(left[0], left[-1] + 1)

    def reject(self, batch: Batch, refused: Mapping[int, int], letters: list[DeadLetter]) -> None:
        """Keep what was refused, and settle all records of a batch; raises OSError where it cannot be kept.

        `refused` says of each record with a refused frame how many frames of it were refused.
        """
        progress = batch.progress
        if self._is_over():
            return
        progress.store.keep(letters)
        with self._lock:
            if self._is_over():
                return
            for record, frames in refused.items():
                rejected = Settlement(record, record + 1, Outcome.REJECTED)
                self._shelf.settle(progress, rejected, accepted=batch.frames_of(record) - frames)
            self._shelf.settle(progress, Settlement(batch.first, batch.end, Outcome.ACKNOWLEDGED))
            self._settled()

    def landed(self, batch: Batch) -> None:
        """Note that nothing of a batch is on its way any more; what is not settled is taken again."""
        with self._lock:
            progress = batch.progress
            progress.in_flight -= 1
            if self._ended:
                return
            if any(first < batch.end for first, _ in progress.settled.unsettled(batch.end)):
                progress.taken = min(progress.taken, progress.first_unsettled())
            self._let_go_if_held(progress)
            self._shelf.give_back()
            self._settled()

    def _let_go_if_held(self, progress: Progress) -> None:
        if progress.is_held(self._held):
            progress.let_go()

    def _settled(self) -> None:
        if self._overflowing and self._shelf.size() <= self.capacity_bytes // 2:
            self._overflowing = False
        self.changed.notify_all()


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield sorted numbers as stretches that have no gap."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[start], numbers[at - 1] + 1
            start = at
