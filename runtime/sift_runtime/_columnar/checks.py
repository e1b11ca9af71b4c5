"""All columns of a flow, checked as a whole before any byte is made."""

from __future__ import annotations

from typing import Any

import numpy as np

from sift_runtime._columnar.arrays import Given
from sift_runtime._columnar.bits import bit_field_column
from sift_runtime._columnar.numbers import bool_column, double_column, enum_column, float_column, integer_column
from sift_runtime._columnar.plan import CheckedColumns, Column, FixedColumn, TimeColumn
from sift_runtime._columnar.problems import ColumnProblem
from sift_runtime._columnar.segments import FixedPart
from sift_runtime._columnar.sizes import require_sendable
from sift_runtime._columnar.texts import text_column
from sift_runtime._columnar.times import check_times
from sift_runtime._columns import Columns
from sift_runtime._errors import SerializationError
from sift_runtime._schema import Channel, DataType
from sift_runtime._value_encoders import EMPTY

__all__ = ["check_columns"]


def check_columns(columns: Columns[Any]) -> CheckedColumns:
    """Return what the columns take on the wire; raise SerializationError with everything that is wrong."""
    schema = columns._flow().schema()
    problems: list[str] = []
    times: TimeColumn | None = None
    rows = 0
    try:
        value = columns._times()
        rows = len(value) if isinstance(value, np.ndarray) and value.ndim == 1 else 0
        times = check_times(Given("the timestamps", rows), value)
    except (ColumnProblem, AttributeError) as problem:
        problems += problem.problems if isinstance(problem, ColumnProblem) else ["the timestamps are not set"]
        if not rows:  # there is nothing to compare the other columns with
            raise SerializationError(schema.name, tuple(problems)) from None
    checked: list[Column] = []
    for channel in schema.channels:
        try:
            checked.append(_check(columns, channel, rows))
        except ColumnProblem as problem:
            problems += problem.problems
    if problems or times is None:
        raise SerializationError(schema.name, tuple(problems))
    whole = CheckedColumns(rows, times, tuple(checked))
    try:
        require_sendable(whole)
    except ColumnProblem as problem:
        raise SerializationError(schema.name, problem.problems) from None
    return whole


def _check(columns: Columns[Any], channel: Channel, rows: int) -> Column:  # noqa: PLR0911  # one return per type
    given = Given(f"channel {channel.name!r}", rows, channel.optional)
    try:
        value = getattr(columns, channel.field)
    except AttributeError:
        raise ColumnProblem(f"{given.where} has no column; set {channel.field!r}") from None
    if value is None and channel.optional:
        return FixedColumn(FixedPart(EMPTY), None)
    match channel.data_type:
        case DataType.DOUBLE:
            return double_column(given, value)
        case DataType.FLOAT:
            return float_column(given, value)
        case DataType.BOOL:
            return bool_column(given, value)
        case DataType.ENUM:
            return enum_column(given, value, channel)
        case DataType.BIT_FIELD:
            return bit_field_column(given, value, channel)
        case DataType.STRING | DataType.BYTES:
            return text_column(given, value, channel)
        case integer:
            return integer_column(given, value, integer)
