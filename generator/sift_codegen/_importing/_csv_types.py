"""What the cells of one column are, seen one after the other."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from sift_codegen._config import DataType

__all__ = ["Column", "is_number", "is_time"]

# A number that begins with a zero is a part number or a code: as an integer it would lose the zero.
_INTEGER: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,18})")
_NUMBER: Final = re.compile(
    r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan|[+-]?inf(?:inity)?", re.IGNORECASE
)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,40}", re.ASCII)
_LONGEST: Final = 400  # characters of a number
_EPOCHS: Final = tuple((1e9 * scale, 5e9 * scale) for scale in (1, 1e3, 1e6, 1e9))
"""From 2001 to 2128 in seconds, milliseconds, microseconds and nanoseconds."""


class Column:
    """A column: its place (from 0), its header, and what its cells can be taken for so far."""

    def __init__(self, index: int, header: str) -> None:
        self.index, self.header = index, header
        self.values = 0
        self.has_gaps = False
        self._kinds: set[DataType] = set()
        self._is_iso = self._is_epoch = True
        self._last = 0.0

    def see(self, cell: str) -> None:
        """Take one more cell into account; an empty one is a gap."""
        text = cell.strip()
        if not text:
            self.has_gaps = True
            return
        self.values += 1
        kind = _kind(text)
        self._kinds.add(kind)
        self._is_iso = self._is_iso and is_time(text)
        self._is_epoch = self._is_epoch and kind in (DataType.INT_64, DataType.DOUBLE) and self._goes_on(float(text))

    def _goes_on(self, value: float) -> bool:
        last, self._last = self._last, value
        return value >= last and any(low <= value < high for low, high in _EPOCHS)

    @property
    def data_type(self) -> DataType:
        """The type that takes every cell; text where there is none or where they are of several kinds."""
        if self._kinds == {DataType.INT_64, DataType.DOUBLE}:
            return DataType.DOUBLE
        return next(iter(self._kinds)) if len(self._kinds) == 1 else DataType.STRING

    @property
    def may_be_time(self) -> bool:
        """Whether its cells are such that it is the time if its name says so."""
        return bool(self.values) and (self._is_iso or self.data_type in (DataType.INT_64, DataType.DOUBLE))

    @property
    def is_iso(self) -> bool:
        """Whether every cell is a date and time as ISO 8601 writes them."""
        return bool(self.values) and self._is_iso

    @property
    def is_epoch(self) -> bool:
        """Whether every cell is a time since 1970 in some unit, none before the last."""
        return bool(self.values) and self._is_epoch


def is_time(text: str) -> bool:
    """Return whether a text is a date and time as ISO 8601 writes them."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    return len(text) <= _LONGEST and _NUMBER.fullmatch(text) is not None


def _kind(text: str) -> DataType:
    if text.lower() in ("true", "false"):
        return DataType.BOOL
    if _INTEGER.fullmatch(text) and -(2**63) <= int(text) < 2**63:
        return DataType.INT_64
    return DataType.DOUBLE if is_number(text) else DataType.STRING
