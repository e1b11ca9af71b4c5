"""The thread that senders share: each has its turn whenever there is something for it to do."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from sift_runtime._connection import Connection
from sift_runtime._delivery.attention import Attention, Readiness
from sift_runtime._link import LinkHolder
from sift_runtime._monitor import Monitor

__all__ = ["SenderThread", "Work"]

_log: Final = logging.getLogger("sift_runtime")
_STOP_SECONDS: Final = 1.0
_LOOK_AGAIN: Final = 0.05

Work: TypeAlias = Coroutine[Readiness, None, None]
"""What a sender does, in turns: after each it tells when it is to have the next."""


@dataclass(slots=True, eq=False)
class _Turns:
    """A sender among the others."""

    work: Work
    attention: Attention
    readiness: Readiness = lambda: 0.0
    failure: BaseException | None = None

    def wait(self) -> float | None:
        """Return how long until its next turn; what goes wrong in finding out is for itself to deal with."""
        try:
            return self.readiness()
        except BaseException as error:  # noqa: BLE001  # one of them must not end the thread of all
            self.failure = error
            return 0.0

    def go_on(self) -> bool:
        """Have it work until it has to wait; returns False where it has come to its end."""
        failure, self.failure = self.failure, None
        try:
            self.readiness = self.work.send(None) if failure is None else self.work.throw(failure)
        except StopIteration:
            return False
        except BaseException as error:  # noqa: BLE001  # one of them must not end the thread of all
            with suppress(Exception):
                _log.critical("a sender has ended, a defect of ours", exc_info=error)
            return False
        return True


class SenderThread:
    """Runs as long as it has senders; they share one lock and one link, and one of them ships at a time."""

    def __init__(self, connection: Connection) -> None:
        """Start nothing yet."""
        self.monitor = Monitor()
        self.links = LinkHolder(connection, self.monitor)
        self._senders: list[_Turns] = []  # the next in turn first
        self._current: _Turns | None = None
        self._thread: threading.Thread | None = None

    def connect_like(self, connection: Connection) -> None:
        """Go on with another connection, at once."""
        self.links.replace(connection)
        for sender in self._senders:
            sender.attention.interrupt()

    def take_on(self, work: Work, attention: Attention) -> None:
        """Give a sender its turns from now on."""
        with self.monitor.lock:
            self._senders.append(_Turns(work, attention))
            self.monitor.changed.notify_all()
            if self._thread is not None:
                return
            self._thread = thread = threading.Thread(target=self._run, name="sift-sender", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no more threads
            self._thread = None
            raise

    def let_go(self, work: Work) -> None:
        """Give a sender no more turns, and end a call of its that is under way.

        Gives up after a while: a signal's handler may have interrupted code that holds what the thread needs to end,
        for example a lock of the logging module; and a name that is being looked up cannot be cancelled.
        """
        until = time.monotonic() + _STOP_SECONDS
        while not self._has_left(work):
            self.links.renew()
            if time.monotonic() > until:
                return
            with self.monitor.lock:
                self.monitor.changed.wait_for(lambda: not self._has_turn(work), _LOOK_AGAIN)
        work.close()
        self._wait_for_end(until)

    def _has_left(self, work: Work) -> bool:
        """Take a sender from among the others, unless it has its turn."""
        with self.monitor.lock:
            if self._has_turn(work):
                return False
            self._senders = [sender for sender in self._senders if sender.work is not work]
            self.monitor.changed.notify_all()
            return True

    def _has_turn(self, work: Work) -> bool:
        return self._current is not None and self._current.work is work

    def _wait_for_end(self, until: float) -> None:
        """Where nobody is left, close the link, and wait for the thread's end."""
        with self.monitor.lock:
            thread = None if self._senders else self._thread
            ended = thread is not None and self.monitor.changed.wait_for(
                lambda: self._thread is not thread, max(0.0, until - time.monotonic())
            )
        if not self._senders:
            self.links.renew()
        if ended and thread is not None:
            thread.join()

    def _run(self) -> None:
        while (sender := self._next_in_turn()) is not None:
            goes_on = sender.go_on()
            with self.monitor.lock:
                self._current = None
                if not goes_on:
                    self._senders = [other for other in self._senders if other is not sender]
                self.monitor.changed.notify_all()

    def _next_in_turn(self) -> _Turns | None:
        """Wait until a sender is ready, and give it its turn; None where there are no senders any more."""
        with self.monitor.lock:
            while self._senders:
                shortest = threading.TIMEOUT_MAX
                for sender in self._senders:
                    wait = sender.wait()
                    if wait is not None and wait <= 0:
                        self._senders = [*(other for other in self._senders if other is not sender), sender]
                        self._current = sender
                        return sender
                    shortest = shortest if wait is None else min(shortest, wait)
                self.monitor.changed.wait(shortest)
            self._thread = None
            self.monitor.changed.notify_all()
            return None
