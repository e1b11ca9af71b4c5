"""The column of times: integer nanoseconds since 1970, or datetime64 of any unit, in UTC."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.arrays import Array, Given, chunks, take_array
from sift_runtime._columnar.plan import TimeColumn
from sift_runtime._columnar.problems import ColumnProblem, refuse_rows

__all__ = ["check_times"]

_BILLION: Final = 1_000_000_000
_FIRST_SECOND: Final = -62_135_596_800  # 0001-01-01T00:00:00Z, the earliest that protobuf's Timestamp allows
_LAST_SECOND: Final = 253_402_300_799  # 9999-12-31T23:59:59Z
_NAT: Final = np.iinfo(np.int64).min
_SECONDS: Final = {"W": 604_800, "D": 86_400, "h": 3_600, "m": 60, "s": 1}
_PER_SECOND: Final = {"ms": 10**3, "us": 10**6, "ns": 10**9, "ps": 10**12, "fs": 10**15, "as": 10**18}
_RANGE: Final = "is outside the years 1 to 9999"


def check_times(given: Given, value: object) -> TimeColumn:
    """Return the times in seconds and nanoseconds.

    Raises ColumnProblem for NaT, for years other than 1 to 9999 and for fractions of a nanosecond.
    """
    values, _ = take_array(given, value, "iuM", "integer nanoseconds since 1970, or datetime64")
    if values.dtype.kind != "M":
        unit, ticks = "ns", values if values.dtype == np.uint64 else values.astype(np.int64, copy=False)
    else:
        unit, ticks = _ticks(given, values)
    if unit in _SECONDS:
        return _whole_seconds(given, values, ticks, _SECONDS[unit])
    per_second = _PER_SECOND[unit]
    if per_second > _BILLION:
        _require_nanoseconds(given, values, ticks, per_second // _BILLION)
    least, greatest = (int(ticks.min()), int(ticks.max())) if ticks.size else (0, 0)
    if least < _FIRST_SECOND * per_second or greatest >= (_LAST_SECOND + 1) * per_second:
        first = max(_FIRST_SECOND * per_second, _NAT)
        last = min((_LAST_SECOND + 1) * per_second - 1, -(_NAT + 1))
        refuse_rows(given.where, values, (ticks < first) | (ticks > last), _RANGE)
    return TimeColumn(least // per_second, greatest // per_second, lambda rows: _divide(ticks[rows], per_second))


def _ticks(given: Given, values: Array) -> tuple[str, Array]:
    """Return a unit of constant length and how many of it have passed since 1970, as int64."""
    unit, count = np.datetime_data(values.dtype)
    refuse_rows(given.where, values, np.isnat(values), "is no time; leave the row out")
    if unit == "generic" or (count != 1 and unit not in ("Y", "M", *_SECONDS)):
        raise ColumnProblem(f"{given.where}: dtype {values.dtype}; convert it: .astype('datetime64[ns]')")
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    if unit in ("Y", "M"):
        years = values.view(np.int64) // (12 if unit == "M" else 1)
        bad = (years < -(1969 // count) - 1) | (years > 8029 // count)
        refuse_rows(given.where, values, bad, _RANGE)
        return "s", values.astype("datetime64[s]").view(np.int64)
    if count != 1:
        limit = _LAST_SECOND // (count * _SECONDS[unit]) + 1
        ticks = values.view(np.int64)
        refuse_rows(given.where, values, (ticks > limit) | (ticks < -limit), _RANGE)
        return unit, ticks * np.int64(count)
    return unit, values.view(np.int64)


def _whole_seconds(given: Given, values: Array, ticks: Array, seconds: int) -> TimeColumn:
    bad = (ticks < _FIRST_SECOND // seconds) | (ticks > _LAST_SECOND // seconds)
    refuse_rows(given.where, values, bad, _RANGE)
    least, greatest = (int(ticks.min()), int(ticks.max())) if ticks.size else (0, 0)
    if least * seconds < _FIRST_SECOND:
        refuse_rows(given.where, values, ticks * seconds < _FIRST_SECOND, _RANGE)
    scale = np.int64(seconds)

    def parts(rows: slice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        block = ticks[rows] * scale
        return block, np.zeros_like(block)

    return TimeColumn(least * seconds, greatest * seconds, parts)


def _divide(ticks: Array, per_second: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split into seconds, rounded down, and nanoseconds, which count up also before 1970."""
    scale = ticks.dtype.type(per_second)
    seconds = ticks // scale
    rest = (ticks - seconds * scale).astype(np.int64)
    nanos = rest * np.int64(_BILLION // per_second) if per_second <= _BILLION else rest // (per_second // _BILLION)
    return seconds.astype(np.int64), nanos


def _require_nanoseconds(given: Given, values: Array, ticks: Array, per_nanosecond: int) -> None:
    bad = np.zeros(len(values), bool)
    for rows in chunks(len(values)):
        bad[rows] = ticks[rows] % per_nanosecond != 0
    complaint = "is no whole number of nanoseconds; round it: .astype('datetime64[ns]')"
    refuse_rows(given.where, values, bad, complaint)
