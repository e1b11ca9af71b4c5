"""Columns of strings and bytes: looked at one value at a time, as Python has them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from sift_runtime._columnar.arrays import Given, require_rows, take_mask
from sift_runtime._columnar.problems import ColumnProblem, rows_text
from sift_runtime._columnar.segments import Texts
from sift_runtime._explain import value_problem
from sift_runtime._schema import Channel, DataType
from sift_runtime._value_encoders import bytes_value, string

__all__ = ["text_column"]

_AT_ONCE = 4096


def text_column(given: Given, value: object, channel: Channel) -> Texts:
    """Check a sequence or an array of str or bytes; None is sent as Empty where the channel is optional."""
    values = _take_values(given, value, "OUT" if channel.data_type is DataType.STRING else "O")
    kind = str if channel.data_type is DataType.STRING else bytes
    for start in range(0, len(values), _AT_ONCE):
        if not _all_fit(values[start : start + _AT_ONCE], kind, optional=given.optional):
            _refuse_values(given, values, channel)
    return Texts(values, string if kind is str else bytes_value)


def _take_values(given: Given, value: object, kinds: str) -> Sequence[object]:
    if isinstance(value, np.ndarray):
        if value.ndim != 1 or value.dtype.kind not in kinds:
            expected = "str or object" if "U" in kinds else "object (NumPy's bytes lose zeros at their end)"
            found = f"shape {value.shape}" if value.ndim != 1 else f"dtype {value.dtype}"
            raise ColumnProblem(f"{given.where}: {found}; it takes one dimension of {expected}, or a list")
        require_rows(given, len(value))
        mask = take_mask(given, value)
        values: list[object] = np.asarray(value).tolist()
        return values if mask is None else [None if hidden else each for each, hidden in zip(values, mask, strict=True)]
    if isinstance(value, str | bytes | bytearray | memoryview) or not isinstance(value, Sequence):
        raise ColumnProblem(f"{given.where}: of type {type(value).__name__}; it takes a list or an array of values")
    require_rows(given, len(value))
    return value


def _all_fit(values: Sequence[object], kind: type[str | bytes], *, optional: bool) -> bool:
    present = [value for value in values if value is not None] if optional else values
    if not all(isinstance(value, kind) for value in present):
        return False
    if kind is bytes:
        return True
    try:
        "".join(present).encode()  # type: ignore[arg-type]  # all are str by now
    except UnicodeEncodeError:
        return False
    return True


def _refuse_values(given: Given, values: Sequence[object], channel: Channel) -> None:
    problems = {
        row: problem
        for row, value in islice(enumerate(values), len(values))
        if not (value is None and given.optional) and (problem := value_problem(channel, value))
    }
    bad = np.zeros(len(values), bool)
    bad[list(problems)] = True
    raise ColumnProblem(rows_text(given.where, bad, problems.__getitem__))
