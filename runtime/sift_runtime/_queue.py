"""The flows that wait to be sent, bounded in bytes, and the ledger of all flows: one lock for both."""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Final, NamedTuple

from sift_runtime._settings import BatchLimits
from sift_runtime._stats import Stats

__all__ = ["Batch", "Record", "RecordQueue"]

_AWAKE: Final = sys.maxsize  # records that never wait
_RECORD_OVERHEAD: Final = 120  # bytes of the tuple, its integer and the bytes object, beside the encoded values


class Record(NamedTuple):
    """One tracked flow: the flow's place in the package, nanoseconds since 1970, encoded channel values."""

    flow: int
    time_ns: int
    values: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """The oldest records, on their way; `first` is the sequence number of the first."""

    first: int
    records: tuple[Record, ...]


class RecordQueue:
    """First in, first out; when full the oldest that are not on their way make room.

    The handler of a signal (Ctrl-C) may run in the middle of any method that user code calls, after any call in it; it
    may raise there, or call the queue in its turn. So the lock is reentrant, and what belongs together is changed with
    no call in between. It is entered as it is: entered by way of the condition, which is Python code, it might stay
    locked. Who waits for the sender waits for `changed`, which lets go of the lock however often it is held: at
    anything else, a handler would wait for a thread that waits for the lock that the interrupted code holds.
    """

    def __init__(self, limits: BatchLimits, capacity_bytes: int) -> None:
        """Start empty."""
        self._limits = limits
        self._capacity = capacity_bytes
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self._records: deque[Record] = deque()
        self._in_flight: Batch | None = None
        self._bytes = 0
        self._oldest_since = 0.0
        self._flushing = 0
        self._wake_at = _AWAKE
        self._closed = False
        self._overflowing = False
        self._tracked = self._acknowledged = self._rejected = 0
        self._encoded_bytes = self._batches = self._retries = self._errors = 0
        self._dropped: defaultdict[int, int] = defaultdict(int)

    def append(self, record: Record) -> bool:
        """Add a record; returns True if this began a burst of drops."""
        values_size = len(record.values)
        with self._lock:
            # Counted and added in one piece: nothing is called in between.
            self._tracked += 1
            self._encoded_bytes += values_size
            self._bytes += values_size + _RECORD_OVERHEAD
            self._records.append(record)
            self._wake_sender()
            return self._bytes > self._capacity and self._make_room()

    def take(self) -> Batch | None:
        """Wait for a batch that is due and return it; None once the queue is closed."""
        with self._lock:
            while not self._closed:
                wait = self._seconds_until_due()
                if wait is not None and wait <= 0:
                    return self._take_oldest()
                self._wake_at = 1 if wait is None else self._limits.messages
                self.changed.wait(wait if wait is None else min(wait, threading.TIMEOUT_MAX))
                self._wake_at = _AWAKE
            return None

    def acknowledge(self, batch: Batch) -> None:
        """Settle a batch as delivered."""
        with self._lock:
            self._acknowledged += len(batch.records)
            self._batches += 1
            self._settle()

    def reject(self, batch: Batch) -> None:
        """Settle a batch as refused for good."""
        with self._lock:
            self._rejected += len(batch.records)
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
            last = self._tracked - 1
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

    def stats(self, flow_names: tuple[str, ...]) -> Stats:
        """Return the ledger of this moment."""
        with self._lock:
            dropped = dict(self._dropped)  # a copy: a signal's handler may track while it is read
            return Stats(
                tracked=self._tracked,
                acknowledged=self._acknowledged,
                rejected=self._rejected,
                dropped=sum(dropped.values()),
                queued=len(self._records) + self._in_flight_count(),
                encoded_bytes=self._encoded_bytes,
                batches=self._batches,
                retries=self._retries,
                serialization_errors=self._errors,
                dropped_by_flow={flow_names[flow]: count for flow, count in dropped.items()},
            )

    def _wake_sender(self) -> None:
        """Wake the thread in take() if it sleeps and something is due; do so again if the last call was interrupted."""
        waiting = len(self._records)
        if waiting == 1:
            self._oldest_since = time.monotonic()
        asleep = self._wake_at != _AWAKE
        if waiting >= self._wake_at or (asleep and self._bytes >= self._limits.bytes):
            self.changed.notify_all()
            self._wake_at = _AWAKE

    def _make_room(self) -> bool:
        """Drop the oldest records, but never the newest; returns True where a burst of drops begins."""
        while self._bytes > self._capacity and len(self._records) > 1:
            oldest = self._records[0]
            size = len(oldest.values) + _RECORD_OVERHEAD
            if self._records and self._records[0] is oldest:  # a signal's handler may have made room meanwhile
                # Counted and taken out in one piece, too.
                self._bytes -= size
                self._dropped[oldest.flow] += 1
                self._records.popleft()
        began = not self._overflowing
        self._overflowing = True
        return began

    def _seconds_until_due(self) -> float | None:
        """How long the next batch may still wait; None without records."""
        if not self._records:
            return None
        full = len(self._records) >= self._limits.messages or self._bytes >= self._limits.bytes
        return 0.0 if full or self._flushing else self._oldest_since + self._limits.interval - time.monotonic()

    def _take_oldest(self) -> Batch:
        first = self._tracked - len(self._records)
        taken: list[Record] = []
        size = 0
        while self._records and len(taken) < self._limits.messages and size < self._limits.bytes:
            record = self._records.popleft()
            size += len(record.values) + _RECORD_OVERHEAD
            taken.append(record)
        self._bytes -= size
        if self._bytes < self._capacity // 2:
            self._overflowing = False
        # What is left has waited at most since now: a batch was due only for its oldest record.
        self._oldest_since = time.monotonic()
        self._in_flight = Batch(first, tuple(taken))
        return self._in_flight

    def _settle(self) -> None:
        self._in_flight = None
        self.changed.notify_all()

    def _in_flight_count(self) -> int:
        return len(self._in_flight.records) if self._in_flight else 0

    def _first_unsettled(self) -> int:
        return self._in_flight.first if self._in_flight else self._tracked - len(self._records)
