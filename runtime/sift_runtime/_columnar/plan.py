"""Columns that have been checked, as what they take on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.arrays import Mask
from sift_runtime._columnar.segments import FixedPart, Texts

__all__ = ["CheckedColumns", "Column", "FixedColumn", "TimeColumn", "VarintColumn"]


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """Entries of one size, except for masked rows."""

    part: FixedPart
    mask: Mask


@dataclass(frozen=True, slots=True)
class VarintColumn:
    """Entries that hold a varint of at most `most` digits, the oneof member's tag being `tag`."""

    tag: int
    most: int
    values: Callable[[slice], NDArray[np.uint64]]
    mask: Mask


Column: TypeAlias = FixedColumn | VarintColumn | Texts


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Times since 1970: `parts` gives seconds and nanoseconds of some rows, `least` and `greatest` are in seconds."""

    least: int
    greatest: int
    parts: Callable[[slice], tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class CheckedColumns:
    """All of a flow's columns, in wire order, and how many rows they have."""

    rows: int
    times: TimeColumn
    columns: tuple[Column, ...]
