"""Columns of numbers: real, integer, bool and enum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sift_runtime._columnar.arrays import Array, Given, Mask, chunks, limits, require_rows, take_array
from sift_runtime._columnar.plan import Column, FixedColumn, VarintColumn
from sift_runtime._columnar.problems import ColumnProblem, refuse_rows
from sift_runtime._columnar.segments import FixedPart
from sift_runtime._columnar.varints import digit_count, spread
from sift_runtime._explain import FLOAT32_MAX, INTEGER_LIMITS, enum_labels, type_name
from sift_runtime._schema import Channel, DataType
from sift_runtime._value_encoders import DOUBLE_HEAD, FALSE, FLOAT_HEAD

__all__ = ["bool_column", "double_column", "enum_column", "float_column", "integer_column", "pieces"]

_TAGS: Final = {DataType.INT_32: 0x28, DataType.UINT_32: 0x30, DataType.INT_64: 0x38, DataType.UINT_64: 0x40}
_ENUM_TAG: Final = 0x50
_REAL: Final = "floats of up to 64 bits, or integers"


def double_column(given: Given, value: object) -> Column:
    """Check a column of doubles: NumPy's own safe conversions to float64, as Python's from int to float."""
    values, mask = take_array(given, value, "fiu", _REAL)
    part = FixedPart(DOUBLE_HEAD + bytes(8), ((3, "<f8"),), lambda rows: (values[rows],))
    return FixedColumn(part, mask)


def float_column(given: Given, value: object) -> Column:
    """Check a column of floats: refuse what would become infinite, and round the rest to the nearest float32."""
    values, mask = take_array(given, value, "fiu", _REAL)
    if values.dtype.kind == "f" and values.dtype.itemsize == 8:
        _require_float32(given, values, mask)
    part = FixedPart(FLOAT_HEAD + bytes(4), ((3, "<f4"),), lambda rows: (_float32(values[rows]),))
    return FixedColumn(part, mask)


def _float32(values: Array) -> NDArray[np.float32]:
    if values.dtype.kind != "f":
        values = values.astype(np.float64)  # as Python has it: an int becomes a float64 first
    with np.errstate(over="ignore", invalid="ignore"):  # of masked rows; the others are checked
        return values.astype(np.float32)


def _require_float32(given: Given, values: Array, mask: Mask) -> None:
    bad = np.zeros(len(values), bool)
    for rows in chunks(len(values)):
        bad[rows] = np.isinf(_float32(values[rows])) & ~np.isinf(values[rows])
    if mask is not None:
        bad &= ~mask
    refuse_rows(given.where, values, bad, f"does not fit float (-{FLOAT32_MAX} to {FLOAT32_MAX}, or infinite)")


def bool_column(given: Given, value: object) -> Column:
    """Check a column of bools."""
    values, mask = take_array(given, value, "b", "bool")
    part = FixedPart(FALSE, ((3, "u1"),), lambda rows: (values[rows].view(np.uint8),))
    return FixedColumn(part, mask)


def integer_column(given: Given, value: object, data_type: DataType) -> Column:
    """Check a column of integers of any width by the range of the channel's type."""
    values, mask = take_array(given, value, "iu", "integers; round and convert other numbers first")
    low, high = INTEGER_LIMITS[data_type]
    least, greatest = limits(values, mask) or (0, 0)
    if least < low or greatest > high:
        # Compared in the array's own dtype: a limit that this cannot hold cannot be passed in it either.
        bad = np.zeros(len(values), bool)
        if least < low:
            bad |= values < values.dtype.type(low)
        if greatest > high:
            bad |= values > values.dtype.type(high)
        if mask is not None:
            bad &= ~mask
        refuse_rows(given.where, values, bad, f"does not fit {type_name(data_type)} ({low} to {high})")
    return _varint_column(_TAGS[data_type], values, (least, greatest), mask)


def enum_column(given: Given, value: object, channel: Channel) -> Column:
    """Check a column of enum keys, or a sequence of the enum's members, against the channel's keys."""
    values, mask = _take_keys(given, value)
    keys = {enum_type.key for enum_type in channel.enum_types}
    found = limits(values, mask)
    least, greatest = found or (0, 0)
    if found is not None and not (least in keys and greatest in keys and _all_between(keys, least, greatest)):
        bad = ~np.isin(values, np.array(sorted(keys), np.int64))
        if mask is not None:
            bad &= ~mask
        refuse_rows(given.where, values, bad, f"is none of its enum's keys ({enum_labels(channel)})")
    return _varint_column(_ENUM_TAG, values, (least, greatest), mask)


def _all_between(keys: set[int], least: int, greatest: int) -> bool:
    """Say whether each integer from `least` to `greatest` is a key, as with most enums."""
    return greatest - least < len(keys) and all(key in keys for key in range(least, greatest + 1))


def _take_keys(given: Given, value: object) -> tuple[Array, Mask]:
    if isinstance(value, np.ndarray) or not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return take_array(given, value, "iu", "the enum's keys as integers")
    require_rows(given, len(value))
    for row, key in enumerate(value):
        if not isinstance(key, int) and not (key is None and given.optional):
            raise ColumnProblem(f"{given.where}, row {row}: {key!r} is no member of its enum")
    mask = np.array([key is None for key in value], bool)
    try:
        keys = np.array([0 if key is None else int(key) for key in value], np.int64)
    except OverflowError as error:
        raise ColumnProblem(f"{given.where}: an integer of more than 64 bits is none of its enum's keys") from error
    return keys, mask if mask.any() else None


def _varint_column(tag: int, values: Array, found: tuple[int, int], mask: Mask) -> Column:
    """Return a column of fixed size where all rows take as many digits, as small numbers and most enums do."""
    least, greatest = found
    most = digit_count(least, greatest)
    if mask is None and least >= 0 and digit_count(least, least) == most <= 8:
        return FixedColumn(_same_digits(bytes((0x22, most + 1, tag)), values, most), None)
    return VarintColumn(tag, most, lambda rows: values[rows].astype(np.uint64), mask)


def _same_digits(lead: bytes, values: Array, digits: int) -> FixedPart:
    continued = np.uint64(int.from_bytes(b"\x80" * (digits - 1), "little"))
    cells = pieces(len(lead), digits)

    def encoded(rows: slice) -> tuple[Array, ...]:
        block = values[rows]
        if digits == 1:
            return (block,)
        return split(spread(block.astype(np.uint64)) | continued, cells)

    return FixedPart(lead + bytes(digits), cells, encoded)


def pieces(start: int, size: int) -> tuple[tuple[int, str], ...]:
    """Return cells of 8, 4, 2 and 1 bytes that cover `size` bytes from `start` on."""
    cells = []
    while size:
        piece = min(8, 1 << size.bit_length() - 1)
        cells.append((start, f"<u{piece}"))
        start, size = start + piece, size - piece
    return tuple(cells)


def split(words: NDArray[np.uint64], cells: tuple[tuple[int, str], ...]) -> tuple[Array, ...]:
    """Return what each cell takes of words of which the first cell has the first bytes; the rest is cut off there."""
    start = cells[0][0]
    return tuple(words >> np.uint64(8 * (place - start)) for place, _ in cells)
