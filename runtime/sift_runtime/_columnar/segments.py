"""Stretches of a row, and how those of a whole block of rows get to their places in one buffer.

Segments are written from the last to the first: one may leave garbage in the few bytes before its own, where the next
to be written ends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.arrays import Array, Mask
from sift_runtime._columnar.varints import DigitTable, Words
from sift_runtime._value_encoders import EMPTY

__all__ = ["FixedPart", "MaskedPart", "Segment", "Stretch", "Texts", "Varints"]

_EMPTY_WORD: Final = np.uint64(int.from_bytes(EMPTY.rjust(8, b"\0"), "little"))


class Segment(ABC):
    """A stretch of every row."""

    @abstractmethod
    def prepare(self, rows: slice) -> int | Array:
        """Encode these rows; return how many bytes each takes, one number where all take the same."""

    @abstractmethod
    def write(self, out: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Put what was prepared where it ends in each row."""


class FixedPart:
    """A part of a row that has the same size in all: `template`, and in it `cells` (place, dtype) that differ."""

    def __init__(
        self,
        template: bytes,
        cells: tuple[tuple[int, str], ...] = (),
        values: Callable[[slice], Sequence[Array]] = lambda rows: (),
    ) -> None:
        """Take `values`, which returns an array per cell for the rows it is given."""
        self.template = template
        self.cells = cells
        self.values = values


class Stretch(Segment):
    """Neighbouring fixed parts: a matrix whose constant bytes are written once, its cells once per block."""

    def __init__(self, parts: Sequence[FixedPart], block: int) -> None:
        """Lay out the parts for blocks of up to `block` rows."""
        template = b"".join(part.template for part in parts)
        self.width = len(template)
        self._rows = 0
        self._matrix = np.empty((block, self.width), np.uint8)
        self._matrix[:] = np.frombuffer(template, np.uint8)
        self._columns: list[tuple[FixedPart, list[Array]]] = []
        start = 0
        for part in parts:
            views = [self._view(start + place, dtype) for place, dtype in part.cells]
            self._columns += [(part, views)] if views else []
            start += len(part.template)

    def prepare(self, rows: slice) -> int:
        """Fill the cells."""
        self._rows = count = rows.stop - rows.start
        for part, views in self._columns:
            for view, values in zip(views, part.values(rows), strict=True):
                view[:count] = values
        return self.width

    def write(self, out: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Copy each row of the matrix as a whole."""
        _windows(out, f"V{self.width}")[ends - self.width] = _as_items(self._matrix[: self._rows])

    def write_some(self, out: NDArray[np.uint8], ends: NDArray[np.int64], chosen: NDArray[np.bool_]) -> None:
        """Copy the chosen rows of the matrix."""
        _windows(out, f"V{self.width}")[ends[chosen] - self.width] = _as_items(self._matrix[: self._rows])[chosen]

    def _view(self, place: int, dtype: str) -> Array:
        return np.ndarray((len(self._matrix),), dtype, self._matrix.data, place, (self.width,))


class MaskedPart(Segment):
    """One fixed part that only some rows have; the others have an Empty in its place."""

    def __init__(self, part: FixedPart, mask: NDArray[np.bool_], block: int) -> None:
        """Take the part, and the rows without it."""
        self._stretch = Stretch([part], block)
        self._mask = mask
        self._masked = mask[:0]

    def prepare(self, rows: slice) -> Array:
        """Fill the part for all rows."""
        width = self._stretch.prepare(rows)
        self._masked = self._mask[rows]
        return np.where(self._masked, len(EMPTY), width)

    def write(self, out: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Write the part or the Empty."""
        self._stretch.write_some(out, ends, ~self._masked)
        _windows(out, f"V{len(EMPTY)}")[ends[self._masked] - len(EMPTY)] = np.void(EMPTY)


class Varints(Segment):
    """A varint in each row, as long as it has to be; nothing at all for zeros where the field is not of a oneof."""

    def __init__(
        self,
        table: DigitTable,
        most: int,
        values: Callable[[slice], NDArray[np.uint64]],
        *,
        mask: Mask = None,
        zeros: bool = True,
    ) -> None:
        """Take `most`, the number of digits that none exceeds."""
        self._table = table
        self._most = most
        self._values = values
        self._mask = mask
        self._zeros = zeros
        self._words: list[Words] = []

    def prepare(self, rows: slice) -> Array:
        """Encode into words."""
        values = self._values(rows)
        self._words = self._table.encode(values, self._most)
        if not self._zeros:
            self._words = [Words(each.words, np.where(values == 0, 0, each.sizes)) for each in self._words]
        if self._mask is not None:
            masked = self._mask[rows]
            *others, last = self._words
            self._words = [Words(each.words, np.where(masked, 0, each.sizes)) for each in others]
            empty = np.where(masked, _EMPTY_WORD, last.words)
            self._words.append(Words(empty, np.where(masked, len(EMPTY), last.sizes)))
        return sum((each.sizes for each in self._words), np.zeros(len(values), np.int64))

    def write(self, out: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Write whole words, the last ones first."""
        windows = _windows(out, "<u8")
        for each in reversed(self._words):
            windows[ends - 8] = each.words
            ends = ends - each.sizes


class Texts(Segment):
    """A string or bytes value in each row, encoded one by one as `encode` does; None is an Empty."""

    def __init__(self, values: Sequence[object], encode: Callable[..., bytes]) -> None:
        """Take the values of all rows, already checked."""
        self._values = values
        self._encode = encode
        self._entries: list[bytes] = []

    def prepare(self, rows: slice) -> Array:
        """Encode each value."""
        encode = self._encode
        self._entries = [EMPTY if value is None else encode(value) for value in self._values[rows]]
        return np.fromiter(map(len, self._entries), np.int64, len(self._entries))

    def write(self, out: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Copy each entry."""
        view = out.data
        for end, entry in zip(ends.tolist(), self._entries, strict=True):
            view[end - len(entry) : end] = entry

    def characters(self, rows: slice) -> NDArray[np.int64]:
        """Return the length of each value in characters."""
        values = self._values[rows]
        return np.fromiter((0 if value is None else len(value) for value in values), np.int64, len(values))  # type: ignore[arg-type]  # str or bytes


def _windows(out: NDArray[np.uint8], dtype: str) -> Array:
    """Return the buffer as items of a dtype that start at each of its bytes."""
    return np.ndarray((max(out.size - np.dtype(dtype).itemsize + 1, 0),), dtype, out.data, 0, (1,))


def _as_items(matrix: NDArray[np.uint8]) -> Array:
    return matrix.view(f"V{matrix.shape[1]}")[:, 0]
