"""Waiting for what another thread or process does: always for a condition, never for longer than a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["DEADLINE", "finish", "wait_until"]

# Seconds; nothing on loopback comes near it, and what hangs fails its test instead of stopping the suite.
DEADLINE = 30.0

T = TypeVar("T")


def wait_until(condition: Callable[[], object]) -> None:
    """Look again and again until the condition holds; for state that announces no change."""
    ends = time.monotonic() + DEADLINE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < ends, "it never came to hold"
        pause.wait(0.005)


def finish(work: Callable[[], T]) -> T:
    """Run work that might never return, and fail if it does not."""
    results: list[T] = []
    thread = threading.Thread(target=lambda: results.append(work()), daemon=True)
    thread.start()
    thread.join(DEADLINE)
    assert results, "it did not return"
    return results[0]
