"""What outlives the code that made it: called at the process's exit, and in its forked children."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable
from typing import Final, NamedTuple

__all__ = ["close_at_end_of_child", "let_go", "watch"]


_LATE: Final = -100  # other finalizers may track


class _Hooks(NamedTuple):
    at_exit: Callable[[], None]
    in_child: Callable[[], None]


# Held strongly: what an Sdk has queued has to be sent even where nobody holds the Sdk any more.
_watched: dict[object, _Hooks] = {}


def watch(thing: object, *, at_exit: Callable[[], None], in_child: Callable[[], None]) -> None:
    """Keep a thing alive, and call these when the process exits or, in the child, has forked, until it is let go."""
    _watched[thing] = _Hooks(at_exit, in_child)


def let_go(thing: object) -> None:
    """Stop watching; of no effect where nothing is watched."""
    _watched.pop(thing, None)


def close_at_end_of_child() -> None:
    """Have what is watched closed also where this process is a child of multiprocessing's.

    A forked one ends without the exit's functions, after multiprocessing's own finalizers.
    """
    process, finalizers = sys.modules.get("multiprocessing.process"), sys.modules.get("multiprocessing.util")
    if process is not None and finalizers is not None and process.parent_process() is not None:
        finalizers.Finalize(None, _exit, exitpriority=_LATE)


def _exit() -> None:
    for hooks in list(_watched.values()):
        hooks.at_exit()


def _forked() -> None:
    for hooks in list(_watched.values()):
        hooks.in_child()


atexit.register(_exit)
if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_forked)
