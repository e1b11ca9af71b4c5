"""A bit layout as a drawing: where its rectangles and words stand. Lengths are in the drawing's own units."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sift_codegen._dictionary._bit_layout import COLOURS, BitLayout, ByteRow, Segment

__all__ = ["Drawing", "Shape", "draw"]

_MARGIN: Final = 76  # for the numbers of the bytes
_BIT: Final = 78
_ROW: Final = 46
_TOP: Final = 22  # for the numbers of the bits
_LETTER: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One rectangle: an element's bits in one byte, or a gap; `colour` is None for a gap, `ticks` part its bits."""

    x: int
    y: int
    width: int
    colour: int | None
    name: str
    label: str
    bits: str
    ticks: tuple[int, ...]

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole drawing: texts with their places, and the shapes."""

    width: int
    height: int
    columns: tuple[tuple[int, int], ...]
    """The number of each bit, and the middle of its column."""
    rows: tuple[tuple[str, int], ...]
    """What each row is called, and its middle."""
    shapes: tuple[Shape, ...]
    row_height: int = _ROW - 4


def draw(layout: BitLayout) -> Drawing:
    """Return the drawing of a layout: a row per byte, bit 7 on the left."""
    rows = tuple(enumerate(layout.rows))
    return Drawing(
        width=_MARGIN + 8 * _BIT,
        height=_TOP + len(rows) * _ROW,
        columns=tuple((bit, _MARGIN + (7 - bit) * _BIT + _BIT // 2) for bit in range(7, -1, -1)),
        rows=tuple((_row_name(row), _TOP + number * _ROW + _ROW // 2 - 2) for number, row in rows),
        shapes=tuple(shape for number, row in rows for shape in _shapes(row, _TOP + number * _ROW)),
    )


def _row_name(row: ByteRow) -> str:
    return f"byte {row.first}" if row.first == row.last else f"{row.first} to {row.last}"


def _shapes(row: ByteRow, y: int) -> Iterator[Shape]:
    for segment in row.segments:
        x, width = _MARGIN + (7 - segment.high) * _BIT, segment.width * _BIT
        yield Shape(
            x=x + 1,
            y=y,
            width=width - 2,
            colour=None if segment.element is None else segment.element % COLOURS,
            name=segment.name,
            label=_cut(segment.name, width - 10),
            bits=_bits(row, segment),
            ticks=tuple(x + _BIT * bit for bit in range(1, segment.width)),
        )


def _bits(row: ByteRow, segment: Segment) -> str:
    first, last = 8 * row.first + segment.low, 8 * row.last + segment.high
    return f"bit {first}" if first == last else f"bits {first} to {last}"


def _cut(name: str, room: int) -> str:
    """Return as much of a name as there is room for; letters of East Asia take two places."""
    most = int(room / _LETTER)
    places = [2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name]
    if sum(places) <= most:
        return name
    fitting, taken = 0, 1  # the ellipsis
    while taken + places[fitting] <= most:
        taken += places[fitting]
        fitting += 1
    return name[:fitting] + "…"
