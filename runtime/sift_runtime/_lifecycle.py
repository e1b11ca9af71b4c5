"""From start to close: what an Sdk does at its end, at the process's end, and in a forked child."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from types import TracebackType
from typing import Final, Literal, Self, TypeVar

from sift_runtime._errors import SdkClosedError
from sift_runtime._flow import Flow
from sift_runtime._grpcio_channel import warn_of_fork
from sift_runtime._machinery import Machinery, MachinerySettings
from sift_runtime._process import close_at_end_of_child, let_go, watch
from sift_runtime._requirements import require_seconds
from sift_runtime._schema import Telemetry
from sift_runtime._stats import FlushReport, Stats
from sift_runtime._track_errors import TrackErrors
from sift_runtime._tracker import Tracker

__all__ = ["Lifecycle"]

F = TypeVar("F", bound=Flow)

_log: Final = logging.getLogger("sift_runtime")
_EXIT_SECONDS: Final = 5.0


class Lifecycle(Tracker[F]):
    """A tracker whose sender runs until it is closed."""

    # Made by _reset, which a forked child runs again.
    _closed: bool
    _finished: bool
    _opened: threading.Event
    _claims: dict[str, tuple[int, object]]  # who does what is done once: set in one step, which waits for nobody
    _machinery: Machinery

    def __init__(self, telemetry: Telemetry[F], on_error: Literal["log", "raise"], settings: MachinerySettings) -> None:
        """Open the spool and start to send; raises OSError."""
        super().__init__(telemetry, on_error)
        self._settings = settings
        self._reset(settings)
        self._start()
        watch(self, at_exit=self._close_at_exit, in_child=self._after_fork)

    def __enter__(self) -> Self:
        """Return the Sdk itself; it runs already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def flush(self, timeout: float | None = 30.0) -> FlushReport:
        """Send what is queued now and wait until everything tracked before this call is settled.

        Returns at the latest after `timeout` seconds (None waits for ever), or when the Sdk is closed.
        """
        require_seconds("flush(timeout)", timeout)
        self._spool.wait_until_settled(timeout)
        return self._report()

    def close(self, timeout: float | None = 10.0) -> FlushReport:
        """Flush for at most `timeout` seconds, then stop; returns, and logs, what is left.

        May be called again, by other threads, which wait for the first call, and by a signal's handler, which does not.
        """
        require_seconds("close(timeout)", timeout)
        call = threading.get_ident(), object()
        try:
            first = self._claims.setdefault("close", call)
            if first is call:
                self._closed = self._idle = True
                self._spool.wait_until_settled(timeout)
            elif first[0] != call[0]:
                self._wait_until_finished()
        finally:  # also where a signal ends the wait
            if self._claims.get("close") is call:
                self._finish()
        return self._report()

    @property
    def stats(self) -> Stats:
        """Where every flow is at this moment."""
        return self._machinery.stats()

    def _reset(self, settings: MachinerySettings) -> None:
        """Begin with an empty queue; after a fork, the parent's records are the parent's to send."""
        self._idle, self._closed = True, False
        self._finished = False
        self._claims = {}
        self._opened = threading.Event()
        self._errors = TrackErrors()
        self._machinery = Machinery.build(settings)
        self._spool = self._machinery.spool

    def _start(self) -> None:
        close_at_end_of_child()
        self._machinery.start()
        self._idle = self._closed  # a signal's handler may have closed meanwhile
        self._opened.set()

    def _wake(self, method: str) -> None:
        """Open and start what a fork has left alone; raises SdkClosedError after close()."""
        if self._closed:
            super()._wake(method)
        call = threading.get_ident(), object()
        first = self._claims.setdefault("start", call)
        if first is call:
            self._open_in_child()
        elif first[0] == call[0]:  # a signal's handler, in the middle of it
            raise SdkClosedError(f"{method}() in a signal's handler while the Sdk is being opened after a fork")
        else:
            self._opened.wait()
            if self._idle:
                raise SdkClosedError(f"{method}(): the Sdk could not be opened after a fork")

    def _open_in_child(self) -> None:
        try:
            warn_of_fork()
            if self._settings.spool.root is not None:
                machinery = Machinery.build(self._settings)
                self._machinery, self._spool = machinery, machinery.spool
            self._start()
        except BaseException:
            opened, self._opened = self._opened, threading.Event()
            self._claims.pop("start", None)  # who tracks next tries again, and is told in its turn
            opened.set()
            raise

    def _wait_until_finished(self) -> None:
        with self._spool.changed:
            self._spool.changed.wait_for(lambda: self._finished)

    def _finish(self) -> None:
        try:
            self._machinery.stop()
        finally:  # also where a second Ctrl-C ends the wait: others may wait for this call to be finished
            self._spool.end()
            let_go(self)
            with self._spool.changed:
                self._finished = True
                self._spool.changed.notify_all()
        self._warn_of_leftovers()

    def _after_fork(self) -> None:
        """Leave the parent's connection and spool alone, and open nothing before this process tracks: most never do.

        Until then there is a spool in memory, which stays empty.
        """
        closed = self._closed  # by another thread, which is still at it in the parent and holds locks for ever here
        _inherited.append(self._machinery)
        self._spool.leave_to_parent()
        self._idle = self._closed = True  # should there be no memory for what follows
        in_memory = replace(self._settings.spool, root=None)
        self._reset(replace(self._settings, spool=in_memory, rules=False))
        self._closed = closed

    def _close_at_exit(self) -> None:
        if not self._idle:
            _log.warning("%r was not closed; closing it at exit", self)
            self.close(_EXIT_SECONDS)

    def _report(self) -> FlushReport:
        stats = self.stats
        return FlushReport(
            acknowledged_all=stats.acknowledged == stats.tracked + stats.adopted and not stats.unread,
            acknowledged=stats.acknowledged,
            left=stats.in_spool + stats.unread,
            in_memory=stats.in_memory,
            rejected=stats.rejected,
            dropped=stats.dropped,
            damaged=stats.damaged,
        )

    def _warn_of_leftovers(self) -> None:
        stats = self.stats
        left = stats.in_spool + stats.unread
        if left:
            error = self._machinery.sender.condition.last_error
            last = f"; the last error was: {error}" if error else ""
            _log.warning("%r closed with %d flows that were not sent%s", self, left, last)


# What worked for a forked child's parent, kept for ever: freeing their gRPC channels there could hang or crash it.
_inherited: list[Machinery] = []
