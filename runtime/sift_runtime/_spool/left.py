"""What earlier processes have left in a store, before any of it has been read."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from sift_runtime._spool.progress import Progress
from sift_runtime._spool.settlements import Settlements
from sift_runtime._spool.store import Store
from sift_runtime._spool.trimming import Glance

__all__ = ["left_in"]

_log: Final = logging.getLogger("sift_runtime")
# No spool was written before: a clock that said so had not been set yet, as that of a computer that has just booted.
_FIRST_SPOOL: Final = datetime(2025, 1, 1, tzinfo=UTC).timestamp()


def left_in(store: Store) -> list[Progress]:
    """Return the segments that are in a store, the oldest first."""
    try:
        return [_left(store, number) for number in store.numbers()]
    except OSError as error:
        _log.error("what is left in %s cannot be read, and stays there: %s", store.path, error)
        return []


def _left(store: Store, number: int) -> Progress:
    now, age = time.monotonic(), _age(store.changed(number))
    found, unread = None, 0
    with suppress(OSError):  # told when it is to be read
        found = store.glance(number)
        unread = 0 if found is None else _unsettled(store, number, found)
    return Progress(
        store=store,
        number=number,
        size=store.size(number),
        since=now - age,
        says=None if found is None else found.header.origin,
        unread=unread,
        is_adopted=True,
        sealed=True,
        sealed_at=now - age,
    )


def _age(changed: float) -> float:
    """Return for how many seconds what was written then has waited, as far as that is known to have passed."""
    return 0.0 if changed < _FIRST_SPOOL else max(0.0, time.time() - changed)


def _unsettled(store: Store, number: int, found: Glance) -> int:
    settled = Settlements()
    for settlement in store.settlements(number, found.header.seed):
        settled.add(settlement.first, settlement.end)
    return sum(end - first for first, end in settled.unsettled(found.records))
