"""What appending and sending share: the segments, one lock, and when somebody has to look."""

from __future__ import annotations

import logging
import math
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sift_runtime._errors import SdkClosedError
from sift_runtime._generation import Generation
from sift_runtime._monitor import Monitor
from sift_runtime._settings import BatchLimits, Durability, Order, WhenFull
from sift_runtime._spool.due import end_until_due, seconds_until_due
from sift_runtime._spool.progress import Hold, Progress
from sift_runtime._spool.shelf import Shelf

__all__ = ["Core", "Policy"]

_log: Final = logging.getLogger("sift_runtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user has chosen: when a full spool gives way, how old readings may get, and which are sent first."""

    when_full: WhenFull = "drop_oldest"
    max_age: float | None = None
    durability: Durability = "process"
    order: Order = "fifo"


class Core:
    """The handler of a signal (Ctrl-C) may run in the middle of any method that user code calls, after any call in it.

    It may raise there, or call the spool in its turn. So the lock is reentrant, and what belongs together is changed
    with no call in between. It is entered as it is: entered by way of the condition, which is Python code, it might
    stay locked. Who waits for the sender waits for `changed`, which lets go of the lock however often it is held: at
    anything else, a handler would wait for a thread that waits for the lock that the interrupted code holds.
    """

    directories: tuple[Path, ...] = ()
    """Where its segments are, those for new ones first; none in memory."""

    def __init__(self, shelf: Shelf, limits: BatchLimits, policy: Policy, monitor: Monitor) -> None:
        """Start with what is on the shelf."""
        self._shelf = shelf
        self._limits = limits
        self._policy = policy
        self._lock = monitor.lock
        self.changed = monitor.changed
        self.head = shelf.head
        """What records are appended to; the shelf exchanges it, in the same instant as its own."""
        shelf.holder = self
        self._lock_free: bool = getattr(sys, "_is_gil_enabled", lambda: True)()
        self._waiting_since = 0.0
        self._flushing: set[object] = set()
        self._nudged = False
        self._held: set[Hold] = set()
        self._errands: set[str] = set()
        self._asleep = self._idle = False
        self._closed = self._ended = False
        self._overflowing = False
        self._aged_at = -math.inf
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

    def _is_over(self) -> bool:
        """Whether the directories may be another process's by now."""
        return self._ended

    def _attended(self) -> None:
        """Wake the sender if something is due, and say how far records may come in until somebody has to look."""
        last = self._shelf.progress[-1]
        if self.head.records - last.taken <= 1:
            self._waiting_since = time.monotonic()
            last.came_fresh(last.taken)
        if self._asleep and (self._idle or self._is_due()):
            self.changed.notify_all()
            self._asleep = False
        if self._asleep:
            self._let_in(last, end_until_due(last, self._limits))
        else:  # the sender looks by itself before it sleeps
            self._let_in(last)

    def _let_in(self, last: Progress, end: int | None = None) -> None:
        """Let records come up to this end of the payload, or of the room, without attention: without the lock.

        Not into a head that a signal's handler has exchanged since its end was worked out.
        """
        head = last.appended_to()
        if head is None:
            return
        reach = head.room() if end is None else end
        if self.head is head:
            head.limit = reach if self._lock_free and not self._ended else 0

    def _begin(self, generation: Generation) -> None:
        self._shelf.begin_generation(generation)
        self._shelf.give_back()
        self._put_away()

    def _put_away(self) -> None:
        self._shelf.put_away(synced_only=self._policy.durability == "power")

    def _require_open(self) -> None:
        if self._ended:
            raise SdkClosedError("closed while this was being tracked; it is not sent")

    def _is_due(self) -> bool:
        wait = self._seconds_until_due()
        return wait is not None and wait <= 0

    def _seconds_until_due(self) -> float | None:
        wait = seconds_until_due(self._shelf.progress, self._held, self._limits, self._waiting_since)
        return 0.0 if self._flushing and wait is not None else wait

    def _drop_older(self) -> None:
        """Drop what is older than it may get; warned of once, until nothing has been for as long as it may get old."""
        longest = self._policy.max_age
        if longest is None or self._ended:
            return
        dropped = False
        while self._shelf.drop_older(longest):
            dropped = True
        now = time.monotonic()
        if dropped:
            last, self._aged_at = self._aged_at, now
            if now - last > longest:
                _log.warning("flows that waited for more than %g s are being dropped", longest)
        if self._shelf.head_age() > longest / 8:  # so that it can be dropped apart from what is new
            self._shelf.roll(0)
