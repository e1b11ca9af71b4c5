"""No fork in the middle of a call of gRPC, or of what leads to one.

The child would wait for ever for a lock of a thread that it has not got: in gRPC's own handlers, or for a module that
this thread was importing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

__all__ = ["apart_from_forks", "result_of"]

_LONGEST_WAIT: Final = 2.0
_LOOK_AGAIN: Final = 0.02

T = TypeVar("T")
_Calls = list[Any]


class _ForkGate:
    """Calls that are under way: a fork cancels them, which counts as a failure that passes, and waits for their end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._passing: list[_Calls] = []
        self._forking = False

    @contextmanager
    def passed(self) -> Iterator[_Calls]:
        """Wait while there is a fork; what is put into the list meanwhile is cancelled by one."""
        calls: _Calls = []
        with self._changed:
            self._changed.wait_for(lambda: not self._forking)
            self._passing.append(calls)
        try:
            yield calls
        finally:
            with self._changed:
                self._passing = [other for other in self._passing if other is not calls]
                self._changed.notify_all()

    def close(self) -> None:
        """Let nothing begin, and end what has begun; gives up after a while, as a fork must not fail."""
        until = time.monotonic() + _LONGEST_WAIT
        with self._changed:
            self._forking = True
            while self._passing and time.monotonic() < until:
                for call in [call for calls in self._passing for call in calls]:
                    call.cancel()
                self._changed.wait(_LOOK_AGAIN)

    def open(self) -> None:
        """Let calls begin again, in the parent."""
        with self._changed:
            self._forking = False
            self._changed.notify_all()

    def begin_anew(self) -> None:
        """Let calls begin in the child, whose other threads are gone with their calls and locks."""
        self._changed = threading.Condition()
        self._passing = []
        self._forking = False


_gate: Final = _ForkGate()

if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(before=_gate.close, after_in_parent=_gate.open, after_in_child=_gate.begin_anew)


def result_of(start: Callable[[], Any]) -> Any:
    """Return what a call gives; `start` returns its future.

    Raises what the call raises, and grpc.FutureCancelledError where a fork has ended it.
    """
    with _gate.passed() as calls:
        call = start()
        calls.append(call)
        return call.result()


def apart_from_forks(work: Callable[[], T]) -> T:
    """Return what this gives, which takes a moment and calls nobody."""
    with _gate.passed():
        return work()
