"""How the sender's thread waits, and who may end that: whoever stops it, and whoever has news for it."""

from __future__ import annotations

import threading

__all__ = ["Attention", "StoppedError"]


class StoppedError(Exception):
    """The sender ends; what is not settled stays in the spool."""


class Attention:
    """Pauses of one thread; the other methods are safe in any thread and in a signal's handler."""

    def __init__(self) -> None:
        """Begin undisturbed."""
        self._news = threading.Event()
        self._stopping = False

    @property
    def is_stopping(self) -> bool:
        """Whether the sender is to end."""
        return self._stopping

    def pause(self, seconds: float) -> None:
        """Wait, at most until there is news; raises StoppedError once the sender is to end."""
        self.require_going()
        self._news.wait(seconds)
        self._news.clear()
        self.require_going()

    def require_going(self) -> None:
        """Raise StoppedError once the sender is to end."""
        if self._stopping:
            raise StoppedError

    def interrupt(self) -> None:
        """End the pause that is under way, or the next: something has changed that it waited for."""
        self._news.set()

    def stop(self) -> None:
        """End this pause and all others."""
        self._stopping = True
        self._news.set()
