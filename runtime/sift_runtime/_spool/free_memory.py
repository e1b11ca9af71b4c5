"""Giving free memory back to the system while a backlog is read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

__all__ = ["give_free_memory_back"]


def give_free_memory_back() -> None:
    """Have the C library give back what is free.

    Batches are of megabytes, come from a thread and vary in size: the allocator of glibc may keep 64 MiB for the next
    ones, from the first backlog on and for ever.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    """Return malloc_trim(); None where the C library is none of glibc's."""
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  # which only a backlog has a use for

    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
