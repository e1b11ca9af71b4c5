"""One lock, and waiting for what changes under it."""

from __future__ import annotations

import threading

__all__ = ["Monitor"]


class Monitor:
    """Shared by all that one thread looks after: their spools, and whoever waits for these.

    The lock is reentrant, as a signal's handler may run while the code that it interrupts has it.
    """

    __slots__ = ("changed", "lock")

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
