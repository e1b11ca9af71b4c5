"""What outlives the code that made it: called at the process's exit, and in its forked children."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["let_go", "watch"]


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


def _exit() -> None:
    for hooks in list(_watched.values()):
        hooks.at_exit()


def _forked() -> None:
    for hooks in list(_watched.values()):
        hooks.in_child()


atexit.register(_exit)
if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_forked)
