"""How a sender waits, and who may end that: whoever stops it, and whoever has news for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from types import coroutine
from typing import TypeAlias

from sift_runtime._monitor import Monitor

__all__ = ["Attention", "Readiness", "StoppedError", "ready"]

Readiness: TypeAlias = Callable[[], float | None]
"""Tells for how many seconds there is nothing to do, if nothing changes: 0 or less for none, None or infinite for ever.

Called with the lock, and again whenever something has changed under it.
"""


class StoppedError(Exception):
    """The sender ends; what is not settled stays in the spool."""


@coroutine
def ready(readiness: Readiness) -> Generator[Readiness, None, None]:
    """Let others have their turns until this one is ready."""
    yield readiness


class Attention:
    """Pauses of one sender; all but pause() is safe in any thread and in a signal's handler."""

    def __init__(self, monitor: Monitor) -> None:
        """Begin undisturbed."""
        self._monitor = monitor
        self._news = False
        self._stopping = False
        self.renewals = 0
        """How often there has been another connection."""
        self._seen = 0

    @property
    def is_stopping(self) -> bool:
        """Whether the sender is to end."""
        return self._stopping

    async def pause(self, seconds: float) -> None:
        """Wait, at most until there is news; raises StoppedError once the sender is to end."""
        self.require_going()
        until = time.monotonic() + seconds
        await ready(lambda: 0.0 if self._news or self._stopping else until - time.monotonic())
        self._news = False
        self.require_going()

    def require_going(self) -> None:
        """Raise StoppedError once the sender is to end."""
        if self._stopping:
            raise StoppedError

    @property
    def is_renewed(self) -> bool:
        """Whether there is another connection that nobody has looked at."""
        return self.renewals != self._seen

    def look(self) -> bool:
        """Tell whether there is another connection since the last look."""
        before, self._seen = self._seen, self.renewals
        return self._seen != before

    def interrupt(self) -> None:
        """End the pause that is under way, or the next: there is another connection, which may be let do more."""
        self.renewals += 1
        self._news = True
        self._tell()

    def stop(self) -> None:
        """End this pause and all others."""
        self._stopping = True
        self._tell()

    def _tell(self) -> None:
        with self._monitor.lock:
            self._monitor.changed.notify_all()
