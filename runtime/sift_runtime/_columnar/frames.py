"""Blocks of rows to frames: sizes first, then every segment to its places in one buffer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.arrays import Array
from sift_runtime._columnar.plan import CheckedColumns, Column, FixedColumn, TimeColumn, VarintColumn
from sift_runtime._columnar.segments import FixedPart, MaskedPart, Segment, Stretch, Texts, Varints
from sift_runtime._columnar.varints import digit_count, entry_table, field_table
from sift_runtime._columns import Frames

__all__ = ["encode_blocks"]

_BLOCK_ROWS: Final = 2048
_BLOCK_BYTES: Final = 4 * 1024 * 1024  # of fixed parts: wide rows come in smaller blocks
_BLOCK_CHARACTERS: Final = 1024 * 1024  # of strings and bytes: long ones come in smaller blocks
_FEWEST_ROWS: Final = 256
_SECONDS_TAG: Final = 0x08
_NANOS_TAG: Final = 0x10


def encode_blocks(checked: CheckedColumns, head: bytes, tail: bytes) -> Iterator[Frames]:
    """Return the frames of all rows, block by block; see encode_columns()."""
    if not head:
        raise ValueError("a request begins with an ingestion config id; head is empty")
    encoder = _BlockEncoder(checked, head, tail)
    return (encoder.encode(rows) for rows in encoder.blocks())


class _BlockEncoder:
    """The segments of one flow's rows, reused for each block."""

    def __init__(self, checked: CheckedColumns, head: bytes, tail: bytes) -> None:
        self._rows = checked.rows
        fixed = sum(len(column.part.template) for column in checked.columns if isinstance(column, FixedColumn))
        block = max(_BLOCK_BYTES // (fixed + len(head) + len(tail) + 16), _FEWEST_ROWS)
        self._block = min(block, _BLOCK_ROWS, max(checked.rows, 1))
        self._segments = list(_segments(checked.columns, tail, self._block))
        self._texts = [segment for segment in self._segments if isinstance(segment, Texts)]
        self._times = _TimeSegments(checked.times)
        self._sizes: tuple[Array, Array] = (np.empty(0), np.empty(0))
        prefix = FixedPart(
            bytes(5) + head + b"\x1a\0", ((1, ">u4"), (5 + len(head) + 1, "u1")), lambda rows: self._sizes
        )
        self._prefix = Stretch([prefix], self._block)

    def blocks(self) -> Iterator[slice]:
        """Return the rows of each block."""
        start = 0
        while start < self._rows:
            rows = slice(start, min(start + self._block, self._rows))
            yield (rows := self._shortened(rows))
            start = rows.stop

    def _shortened(self, rows: slice) -> slice:
        if not self._texts:
            return rows
        characters = np.cumsum(sum(texts.characters(rows) for texts in self._texts))
        return slice(rows.start, rows.start + max(1, int(np.searchsorted(characters, _BLOCK_CHARACTERS))))

    def encode(self, rows: slice) -> Frames:
        """Return the frames of one block."""
        time_sizes = self._times.prepare(rows)
        sizes = [segment.prepare(rows) for segment in self._segments]
        lengths: NDArray[np.int64] = np.add(time_sizes, self._prefix.width - 5)
        for size in sizes:
            lengths += size
        self._sizes = lengths, time_sizes
        ends: NDArray[np.int64] = np.cumsum(lengths + 5, dtype=np.int64)
        out = np.empty(int(ends[-1]), np.uint8)
        place = ends
        for segment, size in zip(reversed(self._segments), reversed(sizes), strict=True):
            segment.write(out, place)
            place = place - size
        place = self._times.write(out, place)
        self._prefix.prepare(rows)
        self._prefix.write(out, place)
        return Frames(out.data, ends)


class _TimeSegments:
    """Seconds and nanoseconds of the timestamp; protobuf leaves out those that are zero."""

    def __init__(self, times: TimeColumn) -> None:
        self._parts = times.parts
        most = digit_count(times.least, times.greatest)
        empty = np.empty(0, np.int64)
        self._values: tuple[NDArray[np.int64], NDArray[np.int64]] = (empty, empty)
        self._segments = tuple(
            Varints(field_table(tag), digits, self._getter(index), zeros=False)
            for index, (tag, digits) in enumerate(((_SECONDS_TAG, most), (_NANOS_TAG, 5)))
        )
        self._sizes: list[Array] = []

    def _getter(self, index: int) -> Callable[[slice], NDArray[np.uint64]]:
        return lambda rows: self._values[index].view(np.uint64)

    def prepare(self, rows: slice) -> NDArray[np.int64]:
        """Encode the times; return the size of each."""
        self._values = self._parts(rows)
        self._sizes = [segment.prepare(rows) for segment in self._segments]
        return self._sizes[0] + self._sizes[1]

    def write(self, out: NDArray[np.uint8], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Write the times; return where they begin."""
        for segment, size in zip(reversed(self._segments), reversed(self._sizes), strict=True):
            segment.write(out, ends)
            ends = ends - size
        return ends


def _segments(columns: tuple[Column, ...], tail: bytes, block: int) -> Iterator[Segment]:
    """Return the segments behind the timestamp: neighbours of fixed size are one, the tail among them."""
    with_tail = (*columns, FixedColumn(FixedPart(tail), None)) if tail else columns
    for together, group in groupby(
        with_tail, key=lambda column: isinstance(column, FixedColumn) and column.mask is None
    ):
        if together:
            yield Stretch([column.part for column in group if isinstance(column, FixedColumn)], block)
        else:
            yield from (_segment(column, block) for column in group)


def _is_fixed(column: Column) -> bool:
    return isinstance(column, FixedColumn) and column.mask is None


def _segment(column: Column, block: int) -> Segment:
    if isinstance(column, VarintColumn):
        return Varints(entry_table(column.tag), column.most, column.values, mask=column.mask)
    if isinstance(column, FixedColumn):
        return Stretch([column.part], block) if column.mask is None else MaskedPart(column.part, column.mask, block)
    return column
