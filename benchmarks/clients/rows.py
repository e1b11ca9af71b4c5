"""The values that are sent, the same for every client: Python lists of numbers that change from row to row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

from benchmarks.clients.job import Job

__all__ = ["CHUNK", "NOSTROMO", "Row", "chunks", "rows_of", "take"]

NOSTROMO: Final = "nostromo"
_ROWS: Final = 1000
CHUNK: Final = 1000

Row = tuple[float, ...]


def rows_of(job: Job) -> list[Row]:
    """Return a thousand rows; those of `nostromo` are velocity, voltage, state, 12v, charge, led, heater."""
    if job.work == NOSTROMO:
        return [_vehicle_row(number) for number in range(_ROWS)]
    return [tuple(number + channel * 1.1 for channel in range(job.channels)) for number in range(_ROWS)]


def _vehicle_row(number: int) -> Row:
    return (
        60 * math.sin(number) ** 2,
        48 - number % 7,
        number % 3,
        number % 2,
        number % 4,
        number % 16,
        number // 5 % 2,
    )


def take(rows: list[Row], count: int) -> Iterator[Row]:
    """Yield so many rows, over and over."""
    return islice(cycle(rows), count)


def chunks(rows: list[Row], count: int) -> Iterator[list[Row]]:
    """Yield so many rows in lists of a thousand."""
    whole, rest = divmod(count, CHUNK)
    for _ in range(whole):
        yield rows
    if rest:
        yield rows[:rest]
