"""Where the elements of a bit field lie: bytes in order, their bits from 7 down to 0, as people draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sift_codegen._config import BitFieldElementConfig

__all__ = ["COLOURS", "BitLayout", "ByteRow", "Segment", "lay_out_bits"]

COLOURS: Final = 8
"""How many colours there are; elements take them in turn."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring bits of a byte, `high` to `low`, of one element; `element` is its number, None for a gap."""

    high: int
    low: int
    element: int | None
    name: str

    @property
    def width(self) -> int:
        """How many bits it has."""
        return self.high - self.low + 1


@dataclass(frozen=True, slots=True)
class ByteRow:
    """One byte, or `first` to `last` where several have the same element, or the same gap, in all their bits."""

    first: int
    last: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class BitLayout:
    """The bytes of a bit field; `unused` counts the bits of its bytes that no element has."""

    rows: tuple[ByteRow, ...]
    byte_count: int
    unused: int


def lay_out_bits(elements: Sequence[BitFieldElementConfig]) -> BitLayout:
    """Return the layout of elements that do not overlap."""
    bits = max((element.index + element.bit_count for element in elements), default=0)
    byte_count = (bits + 7) // 8
    owners: list[int | None] = [None] * (8 * byte_count)
    for number, element in enumerate(elements):
        owners[element.index : element.index + element.bit_count] = [number] * element.bit_count
    rows: list[ByteRow] = []
    for byte in range(byte_count):
        segments = _segments(owners[8 * byte : 8 * byte + 8], elements)
        if rows and rows[-1].segments == segments and len(segments) == 1:
            rows[-1] = ByteRow(rows[-1].first, byte, segments)
        else:
            rows.append(ByteRow(byte, byte, segments))
    return BitLayout(tuple(rows), byte_count, owners.count(None))


def _segments(owners: list[int | None], elements: Sequence[BitFieldElementConfig]) -> tuple[Segment, ...]:
    """Return the stretches of a byte, the highest bits first."""
    segments: list[Segment] = []
    for bit in range(7, -1, -1):
        owner = owners[bit]
        if segments and segments[-1].element == owner:
            segments[-1] = Segment(segments[-1].high, bit, owner, segments[-1].name)
        else:
            segments.append(Segment(bit, bit, owner, "" if owner is None else elements[owner].name))
    return tuple(segments)
