"""Telling users of changes of state, where they can neither block nor kill the sender."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Final, TypeAlias

from sift_runtime._errors import SiftRuntimeError
from sift_runtime._stats import State

__all__ = ["Announcer", "OnState", "StateChange"]

_log: Final = logging.getLogger("sift_runtime")
_MOST_WAITING: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """A change of the Sdk's state, and the error that was the cause, if it was one."""

    previous: State
    state: State
    error: SiftRuntimeError | None
    at: datetime


OnState: TypeAlias = Callable[[StateChange], object]


class Announcer:
    """Calls the user's function in a thread of its own, one change after the other.

    While a call takes its time, changes wait; of more than a thousand the newest are left out.
    """

    def __init__(self, on_state: OnState | None) -> None:
        """Start nothing before the first change."""
        self._on_state = on_state
        self._waiting: SimpleQueue[StateChange] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def announce(self, change: StateChange) -> None:
        """Have the user told of a change; returns at once."""
        if self._on_state is None or self._waiting.qsize() >= _MOST_WAITING:
            return
        self._waiting.put(change)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sift-announcer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            change = self._waiting.get()
            try:
                assert self._on_state is not None, "nothing is put where nobody listens"  # noqa: S101
                self._on_state(change)
            except BaseException:  # noqa: BLE001  # whatever the user's function raises
                _log.exception("on_state(%r) failed; it is called for the next change all the same", change)
            if change.state == "closed":
                return
