"""A column as the user gave it, taken apart: its array, and which rows have no value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.problems import ColumnProblem

__all__ = ["Array", "Given", "Mask", "chunks", "limits", "take_array"]

Array: TypeAlias = NDArray[Any]
Mask: TypeAlias = NDArray[np.bool_] | None

_CHUNK = 65_536  # rows looked at together: what that takes stays in the cache, and small


@dataclass(frozen=True, slots=True)
class Given:
    """What must be known to look at a column: how errors call it, its length, and whether rows may have no value."""

    where: str
    rows: int
    optional: bool = False


def take_array(given: Given, value: object, kinds: str, expected: str) -> tuple[Array, Mask]:
    """Return a column's array and mask; the mask is None where every row has a value.

    `kinds` are the NumPy kinds it may have, `expected` says so in words. Raises ColumnProblem.
    """
    if not isinstance(value, np.ndarray):
        name = type(value).__name__
        raise ColumnProblem(f"{given.where}: of type {name}, not a numpy.ndarray; numpy.asarray() makes one")
    if value.ndim != 1:
        raise ColumnProblem(f"{given.where}: shape {value.shape}; it takes one dimension, a value per row")
    require_rows(given, len(value))
    if value.dtype.kind not in kinds or value.dtype.itemsize > 8:
        raise ColumnProblem(f"{given.where}: dtype {value.dtype}; it takes {expected}")
    return np.asarray(value), take_mask(given, value)


def require_rows(given: Given, rows: int) -> None:
    """Refuse a column that is longer or shorter than the column of times."""
    if rows != given.rows:
        raise ColumnProblem(f"{given.where}: {rows} rows where the timestamps have {given.rows}; make them equal")


def take_mask(given: Given, value: Array) -> Mask:
    """Return the rows that a masked array hides, None where it hides none; refuse them where each row needs a value."""
    if not isinstance(value, np.ma.MaskedArray):
        return None
    mask: NDArray[np.bool_] = np.ma.getmaskarray(value)
    if not mask.any():
        return None
    if not given.optional:
        row = int(mask.argmax())
        raise ColumnProblem(f"{given.where}, row {row}: masked, and the channel is not optional; give it a value")
    return mask


def limits(values: Array, mask: Mask) -> tuple[int, int] | None:
    """Return the least and the greatest of the integers that are not masked; None where there is none."""
    present = values if mask is None else values[~mask]
    return (int(present.min()), int(present.max())) if present.size else None


def chunks(rows: int) -> Iterator[slice]:
    """Return slices that cover all rows, each small enough to look at in one go."""
    return (slice(start, min(start + _CHUNK, rows)) for start in range(0, rows, _CHUNK))
