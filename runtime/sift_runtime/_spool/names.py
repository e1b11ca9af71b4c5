"""Flows by number: what stands for a flow's name wherever there are many records."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

__all__ = ["FlowNames"]

_MOST: int = 0xFFFF


class FlowNames:
    """Numbers the package's flows in their order, and after them whatever an earlier process has left."""

    def __init__(self, names: Iterable[str]) -> None:
        """Number these from 0 on."""
        self._numbers = {name: number for number, name in enumerate(names)}
        self._lock = threading.RLock()  # segments are read without the spool's lock

    def number(self, name: str) -> int:
        """Return the flow's number; all that no number is left for share the last."""
        known = self._numbers.get(name)
        if known is not None:
            return known
        with self._lock:
            return self._numbers.setdefault(name, min(len(self._numbers), _MOST))

    def all(self) -> list[str]:
        """Return every name there is."""
        return list(self._numbers)

    def named(self, counts: Counter[int]) -> dict[str, int]:
        """Return counts by name instead of number."""
        names = {number: name for name, number in list(self._numbers.items())}
        return {names[number]: count for number, count in counts.items() if count}
