"""Base-128 varints of whole arrays, as little-endian words that end where the varint ends.

A word holds what leads (tags, a length) and as many digits as fit into its 8 bytes; the others follow in a second
word. Bytes of a word before its own are garbage: rows are written from their end to their start, and so over them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.arrays import Array

__all__ = ["MOST_DIGITS", "DigitTable", "Words", "count_digits", "digit_count", "entry_table", "field_table", "spread"]

MOST_DIGITS: Final = 10  # of 64 bits
U64: Final = np.dtype("<u8")


def digit_count(low: int, high: int) -> int:
    """Return how many digits the longest of the integers from `low` to `high` takes; a negative one takes ten."""
    return MOST_DIGITS if low < 0 else max(1, -(-high.bit_length() // 7))


def count_digits(values: NDArray[np.uint64], most: int) -> NDArray[np.uint8]:
    """Return how many digits each value takes, `most` being known not to be exceeded."""
    if most > _FEW_DIGITS:
        return _counted_by_exponent(values)
    counts = np.ones(len(values), np.uint8)
    for digits in range(1, most):
        counts += values >= np.uint64(1 << 7 * digits)
    return counts


def _counted_by_exponent(values: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Look the digits up by the exponent of each value as a float."""
    # A bit behind another set bit goes, so that rounding to 53 bits cannot carry into the next power of two.
    floats = (values & ~(values >> np.uint64(1)) | np.uint64(1)).astype(np.float64)
    return _DIGITS_BY_EXPONENT.take(floats.view(np.int64) >> 52)


_FEW_DIGITS: Final = 4  # up to which comparing is faster
_ONE: Final = 1023  # the exponent of 1.0 as it is stored
_DIGITS_BY_EXPONENT: Final = np.array([0] * _ONE + [bits // 7 + 1 for bits in range(64)], np.uint8)


def spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the 7-bit digits of values below 2**56, each in a byte of its own, without continuation bits."""
    for low, high, shift in _SPREADING:
        values = (values & low) | ((values & high) << shift)
    return values


_SPREADING: Final = tuple(
    (np.uint64(low), np.uint64(high), np.uint64(shift))
    for low, high, shift in (
        (0x0000_0000_0FFF_FFFF, 0x00FF_FFFF_F000_0000, 4),
        (0x0000_3FFF_0000_3FFF, 0x0FFF_C000_0FFF_C000, 2),
        (0x007F_007F_007F_007F, 0x3F80_3F80_3F80_3F80, 1),
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """One varint and its lead per row: `sizes` bytes at the end of each of `words`."""

    words: NDArray[np.uint64]
    sizes: Array


@dataclass(frozen=True, slots=True)
class DigitTable:
    """By number of digits: the constant bits of both words, and how far the digits are shifted into them."""

    lead: int
    first: NDArray[np.uint64]
    first_shift: NDArray[np.uint64]
    second: NDArray[np.uint64]
    second_shift: NDArray[np.uint64]

    def encode(self, values: NDArray[np.uint64], most: int) -> list[Words]:
        """Return the words of each value, in wire order; `most` is the number of digits that none exceeds."""
        counts = count_digits(values, most)
        room = 8 - self.lead
        if most <= room:
            return [
                Words(self.first.take(counts) | spread(values) << self.first_shift.take(counts), counts + self.lead)
            ]
        here = spread(values & np.uint64((1 << 7 * room) - 1))
        there = spread(values >> np.uint64(7 * room))
        first = self.first.take(counts) | here << self.first_shift.take(counts)
        second = self.second.take(counts) | there << self.second_shift.take(counts)
        counts_here = np.minimum(counts, np.uint8(room))
        return [Words(first, counts_here + self.lead), Words(second, counts - counts_here)]


@lru_cache(maxsize=16)
def entry_table(tag: int) -> DigitTable:
    """Return the table of a whole channel_values entry whose oneof member has this tag."""
    return _table(lambda digits: bytes((0x22, digits + 1, tag)))


@lru_cache(maxsize=4)
def field_table(tag: int) -> DigitTable:
    """Return the table of a varint field: its tag, then the digits."""
    return _table(lambda digits: bytes((tag,)))


def _table(lead: Callable[[int], bytes]) -> DigitTable:
    size = len(lead(0))
    room = 8 - size
    first, second = [], []
    for digits in range(MOST_DIGITS + 1):
        continued = bytes(0x80 if digit + 1 < digits else 0 for digit in range(digits))
        first.append(_ending_at_8(lead(digits) + continued[:room]))
        second.append(_ending_at_8(continued[room:]))
    counts = np.arange(MOST_DIGITS + 1)
    return DigitTable(
        size,
        np.array(first, U64),
        (64 - 8 * np.minimum(counts, room)).astype(U64),
        np.array(second, U64),
        (64 - 8 * np.maximum(counts - room, 0)).astype(U64),  # 64 shifts everything out
    )


def _ending_at_8(data: bytes) -> int:
    return int.from_bytes(data.rjust(8, b"\0"), "little")
