"""The frames that wait to be sent, bounded in bytes, and the ledger of all flows: one lock for both."""

from __future__ import annotations

import threading
import time
from typing import Final

from sift_runtime._backlog import Backlog
from sift_runtime._chunk import Batch
from sift_runtime._columns import Frames
from sift_runtime._errors import SdkClosedError
from sift_runtime._generation import Generation
from sift_runtime._settings import BatchLimits
from sift_runtime._stats import Stats

__all__ = ["LARGE_FRAME", "FrameQueue"]

_MOST_UNATTENDED: Final = 256
LARGE_FRAME: Final = 4096
"""Bytes of a frame that is attended to at once, so that few uncounted frames are few bytes."""


class FrameQueue:
    """First in, first out; when full the oldest that are not on their way make room.

    track() puts a frame into its generation's `incoming` and takes no lock; every so many frames, and where somebody
    has to know at once, it calls attend(): moves them to the chunks, counts them, makes room, wakes the sender.

    The handler of a signal (Ctrl-C) may run in the middle of any method that user code calls, after any call in it; it
    may raise there, or call the queue in its turn. So the lock is reentrant, and what belongs together is changed with
    no call in between. It is entered as it is: entered by way of the condition, which is Python code, it might stay
    locked. Who waits for the sender waits for `changed`, which lets go of the lock however often it is held: at
    anything else, a handler would wait for a thread that waits for the lock that the interrupted code holds.
    """

    def __init__(self, limits: BatchLimits, capacity_bytes: int, generation: Generation) -> None:
        """Start empty."""
        self.capacity_bytes = capacity_bytes
        self.attend_at = 1
        """How many frames may come in before they have to be attended to."""
        self._limits = limits
        self._backlog = Backlog(limits, generation)
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self._in_flight: Batch | None = None
        self._flushing = 0
        self._asleep = self._idle = False
        self._closed = self._ended = False
        self._overflowing = False
        # Bounds how far the frames that nobody has attended to may exceed what either limit allows.
        unattended_bytes = min(capacity_bytes // 16, limits.bytes // 4)
        self._most_unattended = int(max(1, min(_MOST_UNATTENDED, unattended_bytes // LARGE_FRAME)))
        # Blocks make room as a whole: small ones, so that no more is dropped than has to be.
        self._most_block_bytes = max(1, min(limits.bytes, capacity_bytes // 16))
        self._acknowledged = self._rejected = self._batches = self._retries = self._errors = 0
        self.generation = generation
        """What frames are made with."""

    def append_blocks(self, frames: Frames, generation: Generation) -> bool:
        """Add many frames of one flow; returns True if this began a burst of drops."""
        began = False
        for block, count in frames.pieces(self._limits.messages, self._most_block_bytes):
            with self._lock:
                if self._ended:
                    raise _closed_meanwhile()
                self._backlog.collect()
                self._backlog.add_block(block, count, generation)
                began |= self._attended()
        return began

    def attend(self, newest: bytes, generation: Generation) -> bool:
        """Move what has come in, make room, and wake the sender if it sleeps and something is due.

        Returns True if this began a burst of drops. Raises SdkClosedError where the newest came in after the end, and
        takes it back.
        """
        with self._lock:
            if self._ended and _took_back(newest, generation.incoming):
                raise _closed_meanwhile()
            self._backlog.collect()
            return self._attended()

    def begin_generation(self, generation: Generation) -> None:
        """Make frames with this from now on; those that are queued are adapted when they are sent."""
        with self._lock:
            self._backlog.begin_generation(generation)
            self.generation = generation

    def take(self) -> Batch | None:
        """Wait for a batch that is due and return it; None once the queue is closed."""
        with self._lock:
            while not self._closed:
                # Set before looking: what is appended after the look finds it set.
                self.attend_at = 1
                self._backlog.collect()
                wait = self._seconds_until_due()
                if wait is not None and wait <= 0:
                    self.attend_at = self._most_unattended
                    return self._taken()
                if wait is not None:
                    self.attend_at = int(
                        max(1, min(self._most_unattended, self._limits.messages - self._backlog.waiting))
                    )
                self._asleep, self._idle = True, wait is None
                self.changed.wait(wait if wait is None else min(wait, threading.TIMEOUT_MAX))
                self._asleep = False
            return None

    def acknowledge(self, batch: Batch) -> None:
        """Settle a batch as delivered."""
        with self._lock:
            self._acknowledged += batch.count
            self._batches += 1
            self._settle()

    def reject(self, batch: Batch) -> None:
        """Settle a batch as refused for good."""
        with self._lock:
            self._rejected += batch.count
            self._settle()

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
            self._backlog.collect()
            last = self._backlog.tracked - 1
            longest = timeout if timeout is None else min(timeout, threading.TIMEOUT_MAX)
            self._flushing += 1
            try:
                self.changed.notify_all()
                self.changed.wait_for(lambda: self._closed or self._first_unsettled() > last, longest)
            finally:  # also where a signal ends the wait
                self._flushing -= 1
            return self._first_unsettled() > last

    def close(self) -> None:
        """Let everybody who waits go on; what is queued stays counted as queued."""
        with self._lock:
            self._closed = True
            self.changed.notify_all()

    def end(self) -> None:
        """Take nothing more: nobody would send it."""
        with self._lock:
            self._backlog.collect()
            self.attend_at = 1
            self._ended = True

    def stats(self) -> Stats:
        """Return the ledger of this moment."""
        with self._lock:
            self._backlog.collect()
            dropped = dict(self._backlog.dropped)  # a copy: a signal's handler may track while it is read
            return Stats(
                tracked=self._backlog.tracked,
                acknowledged=self._acknowledged,
                rejected=self._rejected,
                dropped=sum(dropped.values()),
                queued=self._backlog.waiting + (self._in_flight.count if self._in_flight else 0),
                encoded_bytes=self._backlog.encoded_bytes,
                batches=self._batches,
                retries=self._retries,
                serialization_errors=self._errors,
                dropped_by_flow=dropped,
            )

    def _attended(self) -> bool:
        """Wake the sender if something is due, and make room; returns True where a burst of drops begins."""
        if self._asleep and (self._idle or self._is_due()):
            self.changed.notify_all()
            self._asleep = False
        if not self._asleep and not self._ended:  # the sender looks by itself before it sleeps
            self.attend_at = self._most_unattended
        if self._backlog.occupied <= self.capacity_bytes:
            return False
        self._backlog.make_room(self.capacity_bytes)
        began, self._overflowing = not self._overflowing, True
        return began

    def _is_due(self) -> bool:
        wait = self._seconds_until_due()
        return wait is not None and wait <= 0

    def _seconds_until_due(self) -> float | None:
        """How long the next batch may still wait; None without frames."""
        backlog, limits = self._backlog, self._limits
        if not backlog.waiting:
            return None
        full = backlog.waiting >= limits.messages or backlog.bytes >= limits.bytes
        return 0.0 if full or self._flushing else backlog.oldest_since + limits.interval - time.monotonic()

    def _taken(self) -> Batch:
        self._in_flight = self._backlog.take()
        if self._backlog.occupied < self.capacity_bytes // 2:
            self._overflowing = False
        return self._in_flight

    def _settle(self) -> None:
        self._in_flight = None
        self.changed.notify_all()

    def _first_unsettled(self) -> int:
        return self._in_flight.first if self._in_flight else self._backlog.first


def _closed_meanwhile() -> SdkClosedError:
    return SdkClosedError("closed while this was being tracked; it is not sent")


def _took_back(frame: bytes, incoming: list[bytes]) -> bool:
    """Take a frame out again; False where it has been counted already."""
    try:
        for at in range(len(incoming)):
            if incoming[at] is frame:
                del incoming[at]  # no call since it was looked at: others put theirs in meanwhile
                return True
    except IndexError:  # somebody took theirs out meanwhile
        return _took_back(frame, incoming)
    return False
