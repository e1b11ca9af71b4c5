"""The records that wait to be sent: appended by track(), taken by the sender, and every one of them accounted for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sift_runtime._columns import Frames
from sift_runtime._delivery.dead_letters import DeadLetter
from sift_runtime._errors import SdkClosedError, SpoolFullError
from sift_runtime._generation import Generation
from sift_runtime._settings import BatchLimits, Block, WhenFull
from sift_runtime._spool.accounts import Work, stats_of
from sift_runtime._spool.due import end_until_due, next_in_turn, seconds_until_due, take_batch
from sift_runtime._spool.progress import Batch, Progress
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.shelf import Shelf
from sift_runtime._stats import State, Stats

__all__ = ["Spool"]

_LARGEST_BLOCK: Final = 64 * 1024


class Spool:
    """First in, first out.

    track() appends to `head` without a lock as long as the record ends below the head's limit. Where it does not, it
    appends with attention: makes room, sees to it that the sender wakes up when a batch is due, sets the limit anew.

    The handler of a signal (Ctrl-C) may run in the middle of any method that user code calls, after any call in it; it
    may raise there, or call the spool in its turn. So the lock is reentrant, and what belongs together is changed with
    no call in between. It is entered as it is: entered by way of the condition, which is Python code, it might stay
    locked. Who waits for the sender waits for `changed`, which lets go of the lock however often it is held: at
    anything else, a handler would wait for a thread that waits for the lock that the interrupted code holds.
    """

    def __init__(
        self, shelf: Shelf, limits: BatchLimits, when_full: WhenFull, directories: tuple[Path, ...] = ()
    ) -> None:
        """Start with what is on the shelf."""
        self.directories = directories
        """Where its segments are, those for new ones first; none in memory."""
        self._shelf = shelf
        self._limits = limits
        self._when_full = when_full
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self.head = shelf.head
        """What records are appended to."""
        self._waiting_since = 0.0
        self._flushing = 0
        self._nudged = False
        self._held: set[str] = set()
        self._asleep = self._idle = False
        self._closed = self._ended = False
        self._overflowing = False
        self._batches = self._retries = self._errors = 0
        self._last_acknowledged: datetime | None = None

    @property
    def generation(self) -> Generation:
        """What records are made with."""
        return self._shelf.generation

    @property
    def capacity_bytes(self) -> int:
        """Bytes of all segments together, at most."""
        return self._shelf.capacity_bytes

    def put(self, kind: type, time_ns: int, values: bytes) -> bool:
        """Append a flow's record with attention; returns True if this began a burst of drops.

        Raises SpoolFullError where that is what a full spool is set to do.
        """
        with self._lock:
            began = False
            while True:
                self._require_open()
                head = self.head
                make, flow = head.makers[kind]
                frame = make(time_ns, values)
                if head.append_regardless(frame, flow):
                    break
                room, burst = self._roll(len(frame), flow, 1)
                began |= burst
                if not room:
                    break
            self._attended()
        return began

    def put_blocks(self, kind: type, frames: Frames, generation: Generation) -> bool:
        """Append many frames of one flow, made with this generation; returns True if this began a burst of drops."""
        began = False
        for block, count in frames.pieces(self._limits.messages, min(self._limits.bytes, _LARGEST_BLOCK)):
            with self._lock:
                now = self._shelf.generation
                if now is not generation:  # the config id or the run has changed since they were made
                    self._begin(generation)
                began |= self._put_block(kind, block, count)
                if now is not generation:
                    self._begin(now)
                self._attended()
        return began

    def exchange_generation(self, old: Generation, new: Generation) -> bool:
        """Make records with the new generation from now on, unless the old one is not what they are made with any more.

        Ends a take() that waits: the new generation may need registering first.
        """
        with self._lock:
            if self._shelf.generation is not old:
                return False
            self._begin(new)
            self._nudged = True
            self.changed.notify_all()
            return True

    def limit_batches(self, limits: BatchLimits) -> None:
        """Hand out batches of at most this from now on."""
        if limits is not self._limits:
            with self._lock:
                self._limits = limits

    def hold_back(self, schema: str) -> None:
        """Hand out no records of this schema until let_go_on()."""
        with self._lock:
            self._held.add(schema)

    def let_go_on(self, schema: str) -> None:
        """Hand them out again."""
        with self._lock:
            self._held.discard(schema)
            self.changed.notify_all()

    def is_anything_due(self) -> bool:
        """Tell whether take() would find anything at once."""
        with self._lock:
            return self._is_due()

    def take(self, longest: float | None = None) -> Batch | None:
        """Wait for a batch that is due and return it; None after so many seconds, or when there is other work."""
        until = None if longest is None else time.monotonic() + longest
        while True:
            with self._lock:
                progress = self._next_due(until)
                if progress is None:
                    return None
                batch = take_batch(progress, self._limits)
                # What is left has waited at most since now: a batch is due only for its oldest record.
                self._waiting_since = time.monotonic()
            if batch is not None:
                return batch
            self._read(progress)

    def _next_due(self, until: float | None) -> Progress | None:
        """Wait for a segment that something is due in; None at that time, once closed, or for other work."""
        while not self._closed and not self._nudged:
            self.head.limit = 0  # before looking: what is appended after the look comes with attention
            wait = self._seconds_until_due()
            if wait is not None and wait <= 0:
                self.head.limit = 0 if self._ended else self.head.room()
                return next_in_turn(self._shelf.progress, self._held)
            if wait is not None and not self._ended:
                self.head.limit = end_until_due(self._shelf.progress[-1], self._limits)
            if until is not None and until <= time.monotonic():
                break
            self._asleep, self._idle = True, wait is None
            waits = [wait, None if until is None else until - time.monotonic(), threading.TIMEOUT_MAX]
            self.changed.wait(min(each for each in waits if each is not None))
            self._asleep = False
        self._nudged = False
        return None

    def _read(self, progress: Progress) -> None:
        """Read a segment without the lock: that takes a while."""
        if progress.records is not None:
            return
        loaded = progress.store.load(progress.number, self._shelf.names.number)
        with self._lock:
            if loaded is None:
                self._shelf.discard(progress)
            else:
                self._shelf.read(progress, loaded)
                self._shelf.give_back()
            self.changed.notify_all()

    def acknowledge(self, batch: Batch) -> None:
        """Settle all records of a batch as delivered."""
        with self._lock:
            self._shelf.settle(batch.progress, Settlement(batch.first, batch.end, Outcome.ACKNOWLEDGED))
            self._batches += 1
            self._last_acknowledged = datetime.now(UTC)
            self._settled()

    def acknowledge_some(self, batch: Batch, accepted: list[int]) -> Batch:
        """Settle these records of a batch as delivered; returns the stretch that holds all the others."""
        with self._lock:
            for first, end in _runs(accepted):
                self._shelf.settle(batch.progress, Settlement(first, end, Outcome.ACKNOWLEDGED))
            self._settled()
            left = sorted(set(range(batch.first, batch.end)).difference(accepted))
            return batch.part(left[0], left[-1] + 1)

    def reject(self, batch: Batch, refused: Mapping[int, int], letters: list[DeadLetter]) -> None:
        """Keep what was refused, and settle all records of a batch.

        `refused` says of each record with a refused frame how many frames of it were refused.
        """
        progress = batch.progress
        progress.store.keep(letters)
        with self._lock:
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
            if any(first < batch.end for first, _ in progress.settled.unsettled(batch.end)):
                progress.taken = min(progress.taken, progress.first_unsettled())
            self._shelf.give_back()
            self._settled()

    def _settled(self) -> None:
        if self._overflowing and self._shelf.size() <= self.capacity_bytes // 2:
            self._overflowing = False
        self.changed.notify_all()

    def count_retry(self) -> None:
        """Count one more try."""
        with self._lock:
            self._retries += 1

    def count_error(self) -> None:
        """Count a flow that could not be tracked."""
        with self._lock:
            self._errors += 1

    def wait_until_settled(self, timeout: float | None) -> bool:
        """Return True once everything appended before this call is settled, False at the timeout or when closed."""
        with self._lock:
            waiting = self._shelf.progress
            end = self.head.records
            longest = timeout if timeout is None else min(timeout, threading.TIMEOUT_MAX)
            self._flushing += 1
            try:
                self.changed.notify_all()
                self.changed.wait_for(lambda: self._closed or self._is_settled(waiting, end), longest)
            finally:  # also where a signal ends the wait
                self._flushing -= 1
            return self._is_settled(waiting, end)

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
            self._shelf.close()

    def stats(self, state: State, sender_restarts: int) -> Stats:
        """Return the ledger of this moment."""
        with self._lock:
            work = Work(
                state=state,
                last_acknowledged=self._last_acknowledged,
                batches=self._batches,
                retries=self._retries,
                sender_restarts=sender_restarts,
                serialization_errors=self._errors,
            )
            return stats_of(self._shelf, work)

    def _attended(self) -> None:
        """Wake the sender if something is due, and say how far records may come in until somebody has to look."""
        last = self._shelf.progress[-1]
        if self.head.records - last.taken <= 1:
            self._waiting_since = time.monotonic()
        if self._asleep and (self._idle or self._is_due()):
            self.changed.notify_all()
            self._asleep = False
        if self._ended:
            self.head.limit = 0
        elif self._asleep:
            self.head.limit = end_until_due(last, self._limits)
        else:  # the sender looks by itself before it sleeps
            self.head.limit = self.head.room()

    def _put_block(self, kind: type, block: bytes | memoryview, count: int) -> bool:
        began = False
        while True:
            self._require_open()
            flow = self.head.makers[kind][1]
            if self.head.append_regardless(block, flow, count):
                return began
            room, burst = self._roll(len(block), flow, count)
            began |= burst
            if not room:
                return began

    def _roll(self, size: int, flow: int, count: int) -> tuple[bool, bool]:
        """Go on to another segment; returns whether there is room in it, and whether this began a burst of drops.

        Where a full spool is set to drop the newest, these frames of a flow are counted as dropped.
        """
        began = False
        while self._shelf.is_full(size):
            if self._when_full == "drop_oldest":
                began, self._overflowing = began or not self._overflowing, True
                if not self._shelf.drop_oldest():  # nothing is left but what is on its way, and the head
                    self._shelf.roll(size)
                    self._shelf.drop_oldest()
                    break
            elif isinstance(self._when_full, Block):
                self._wait_for_room(self._when_full, size)
            elif self._when_full == "raise":
                raise SpoolFullError(self._full())
            else:
                self._shelf.drop_newest(flow, count)
                began, self._overflowing = not self._overflowing, True
                return False, began
        else:
            self._shelf.roll(size)
        self._shelf.put_away()
        self.head = self._shelf.head
        return True, began

    def _wait_for_room(self, block: Block, size: int) -> None:
        longest = block.timeout if block.timeout is None else min(block.timeout, threading.TIMEOUT_MAX)
        if not self.changed.wait_for(lambda: self._ended or not self._shelf.is_full(size), longest):
            raise SpoolFullError(self._full())
        self._require_open()

    def _full(self) -> str:
        return f"the spool is full ({self.capacity_bytes} bytes): not tracked; see spool_bytes and when_full"

    def _begin(self, generation: Generation) -> None:
        self._shelf.begin_generation(generation)
        self._shelf.give_back()
        self.head = self._shelf.head

    def _require_open(self) -> None:
        if self._ended:
            raise SdkClosedError("closed while this was being tracked; it is not sent")

    def _is_due(self) -> bool:
        wait = self._seconds_until_due()
        return wait is not None and wait <= 0

    def _seconds_until_due(self) -> float | None:
        wait = seconds_until_due(self._shelf.progress, self._held, self._limits, self._waiting_since)
        return 0.0 if self._flushing and wait is not None else wait

    def _is_settled(self, segments: tuple[Progress, ...], end: int) -> bool:
        """Tell whether these are gone, and the last of them is settled up to this record."""
        if not segments:  # closed, with nothing left
            return True
        *earlier, last = segments
        here = self._shelf.progress
        gone = last not in here or last.first_unsettled() >= end
        return gone and not any(progress in here for progress in earlier)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield sorted numbers as stretches that have no gap."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[start], numbers[at - 1] + 1
            start = at
