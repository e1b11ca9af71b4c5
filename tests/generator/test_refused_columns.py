"""Columns that cannot be sent are refused as a whole, by channel, row, value, limit and mend; no number is wrapped."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sift_runtime import SerializationError
from sift_runtime._columns import encode_columns
from tests.generator.columns_of_flows import frame_of, frames_of

NOW = 1_700_000_000_000_000_000
ROWS = 4


def good(package: ModuleType, **changes: Any) -> dict[str, Any]:
    zeros = np.zeros(ROWS, np.int64)
    values: dict[str, Any] = {
        "timestamp": zeros + NOW,
        "the_double": zeros,
        "the_float": zeros,
        "the_bool": zeros == 0,
        "the_string": [""] * ROWS,
        "the_bytes": [b""] * ROWS,
        "the_int32": zeros,
        "the_int64": zeros,
        "the_uint32": zeros,
        "the_uint64": zeros,
        "state": zeros,
        "pins": package.PinsElementColumns(mode=zeros, armed=zeros, count=zeros),
    }
    return {**values, **changes}


def problems_of(columns: Any) -> tuple[str, ...]:
    with pytest.raises(SerializationError) as caught:
        encode_columns(columns, b"\x0a\x01c", b"")
    assert str(caught.value).startswith(f"flow {caught.value.flow!r}: ")
    return caught.value.problems


def at(row: int, value: Any, dtype: Any) -> Any:
    array = np.zeros(ROWS, dtype)
    array[row] = value
    return array


def masked(values: list[Any], *hidden: int) -> Any:
    return np.ma.MaskedArray(np.array(values), [row in hidden for row in range(len(values))])


INT32 = "does not fit int32 (-2147483648 to 2147483647)"
FLOAT = "does not fit float (-3.4028235e+38 to 3.4028235e+38, or infinite)"
REFUSED: list[tuple[str, Any, str]] = [
    ("the_int32", at(2, 2**31, np.int64), f"channel 'the_int32', row 2: 2147483648 {INT32}"),
    ("the_int32", at(1, -(2**31) - 1, np.int64), f"channel 'the_int32', row 1: -2147483649 {INT32}"),
    ("the_int32", np.array([0, 1, 2, 3]) << 31, f"channel 'the_int32', row 1: 2147483648 {INT32} (and 2 more rows)"),
    ("the_int32", at(3, 2**63, np.uint64), f"channel 'the_int32', row 3: 9223372036854775808 {INT32}"),
    ("the_uint32", at(0, -1, np.int8), "channel 'the_uint32', row 0: -1 does not fit uint32 (0 to 4294967295)"),
    ("the_uint64", at(0, -1, np.int64), "row 0: -1 does not fit uint64 (0 to 18446744073709551615)"),
    ("the_int64", at(0, 2**63, np.uint64), "does not fit int64 (-9223372036854775808 to 9223372036854775807)"),
    ("the_int64", np.zeros(ROWS), "dtype float64; it takes integers; round and convert other numbers first"),
    ("the_int32", np.zeros(ROWS, bool), "dtype bool; it takes integers"),
    ("the_int32", [0] * ROWS, "of type list, not a numpy.ndarray; numpy.asarray() makes one"),
    ("the_int32", None, "of type NoneType, not a numpy.ndarray"),
    ("the_float", at(1, 1e39, np.float64), f"channel 'the_float', row 1: 1e+39 {FLOAT}"),
    ("the_float", np.zeros(ROWS, np.longdouble), "it takes floats of up to 64 bits, or integers"),
    ("the_double", np.zeros(ROWS, bool), "dtype bool; it takes floats of up to 64 bits, or integers"),
    ("the_double", np.zeros(ROWS, complex), "dtype complex128"),
    ("the_double", np.zeros(ROWS, object), "dtype object"),
    ("the_double", np.zeros((ROWS, 1)), "channel 'the_double': shape (4, 1); it takes one dimension"),
    ("the_double", np.float64(1), "of type float64, not a numpy.ndarray"),
    ("the_double", np.zeros(3), "channel 'the_double': 3 rows where the timestamps have 4; make them equal"),
    ("the_double", masked([1.0, 2.0, 3.0, 4.0], 2), "row 2: masked, and the channel is not optional; give it a value"),
    ("the_bool", np.zeros(ROWS, np.uint8), "dtype uint8; it takes bool"),
    ("the_string", ["", "", b"x", ""], "channel 'the_string', row 2: b'x' is a bytes, not a str"),
    ("the_string", ["", "a\ud800", "", ""], "row 1: 'a\\ud800' is not valid Unicode: lone surrogate at index 1"),
    ("the_string", ["", None, "", None], "row 1: None is a NoneType, not a str (and 1 more row)"),
    ("the_string", "four", "channel 'the_string': of type str; it takes a list or an array of values"),
    ("the_string", iter("four"), "it takes a list or an array of values"),
    ("the_string", [""] * 5, "5 rows where the timestamps have 4"),
    ("the_bytes", np.zeros(ROWS, "S3"), "object (NumPy's bytes lose zeros at their end)"),
    ("the_bytes", [b"", b"", "x", b""], "channel 'the_bytes', row 2: 'x' is a str, not a bytes"),
    ("state", at(3, 7, np.int64), "channel 'state', row 3: 7 is none of its enum's keys (label_0 = 0, label_1 = 1"),
    ("state", at(3, 2**63, np.uint64), "channel 'state', row 3: 9223372036854775808 is none of its enum's keys"),
    ("state", [0, 1, "label_0", 0], "channel 'state', row 2: 'label_0' is no member of its enum"),
    ("state", [0, 1, 7, 0], "channel 'state', row 2: 7 is none of its enum's keys"),
    ("state", [0, 1, 2**70, 0], "an integer of more than 64 bits is none of its enum's keys"),
    ("state", np.zeros(ROWS), "dtype float64; it takes the enum's keys as integers"),
    ("pins", np.zeros(ROWS, np.uint8), "of type ndarray, not its ElementColumns; make one array per element"),
    ("timestamp", np.zeros(ROWS), "the timestamps: dtype float64"),
    ("timestamp", np.array(["2024", "NaT", "2024", "NaT"], "M8[s]"), "the timestamps, row 1: NaT is no time"),
    ("timestamp", at(2, 10**13, np.int64).view("M8[s]"), "row 2: 318857-05-20T17:46:40 is outside the years 1 to 9999"),
    ("timestamp", at(2, 8030, np.int64).view("M8[Y]"), "row 2: 10000 is outside the years 1 to 9999"),
    ("timestamp", at(1, -1970, np.int64).view("M8[Y]"), "the timestamps, row 1:"),
    ("timestamp", at(1, -(2**62), np.int64).view("M8[3M]"), "outside the years 1 to 9999"),
    ("timestamp", at(1, 2**62, np.int64).view("M8[7D]"), "outside the years 1 to 9999"),
    ("timestamp", at(1, -(2**62), np.int64).view("M8[ms]"), "outside the years 1 to 9999"),
    ("timestamp", at(1, 1001, np.int64).view("M8[ps]"), "is no whole number of nanoseconds; round it"),
    ("timestamp", at(1, 1, np.int64).view("M8[25us]"), "convert it: .astype('datetime64[ns]')"),
    ("timestamp", np.zeros(ROWS, "M8"), "convert it: .astype('datetime64[ns]')"),
]


@pytest.mark.parametrize(("field", "column", "message"), REFUSED)
def test_what_does_not_fit_is_named_and_never_wrapped(
    every_type: ModuleType, field: str, column: Any, message: str
) -> None:
    (problem,) = problems_of(every_type.ReadingsColumns(**good(every_type, **{field: column})))
    assert message in problem


def test_the_good_columns_are_sent(every_type: ModuleType) -> None:
    values = good(every_type)
    row: dict[str, Any] = {name: 0 for name in values if name != "timestamp"}
    row.update(the_bool=True, the_string="", the_bytes=b"", state=every_type.State.label_0)
    row["pins"] = every_type.Pins(mode=0, armed=0, count=0)
    flow = every_type.ReadingsFlow(**row)
    assert frames_of(every_type.ReadingsColumns(**values)) == [frame_of(NOW, flow)] * ROWS


def test_all_bad_columns_and_elements_are_named_at_once(every_type: ModuleType) -> None:
    zeros = np.zeros(ROWS, np.int64)
    pins = every_type.PinsElementColumns(mode=at(1, 8, np.uint8), armed=at(2, -1, np.int8), count=zeros)
    values = good(every_type, the_bool=zeros, the_double=np.zeros(9), pins=pins, timestamp=zeros.astype(float))
    assert problems_of(every_type.ReadingsColumns(**values)) == (
        "the timestamps: dtype float64; it takes integer nanoseconds since 1970, or datetime64",
        "channel 'the_double': 9 rows where the timestamps have 4; make them equal",
        "channel 'the_bool': dtype int64; it takes bool",
        "channel 'pins', element 'mode', row 1: 8 does not fit 3 bits (0 to 7)",
        "channel 'pins', element 'armed', row 2: -1 does not fit 1 bit (0 to 1)",
    )


def test_masked_values_are_not_looked_at(every_type: ModuleType) -> None:
    columns = every_type.MaybeColumns(
        timestamp=np.array([1, 2]),
        the_int32=masked([5, 2**40], 1),
        the_float=masked([1.5, 1e300], 1),
        state=masked([1, 99], 1),
        the_string=np.ma.MaskedArray(np.array(["a", "\ud800"], object), [False, True]),
    )
    first = every_type.MaybeFlow(the_int32=5, the_float=1.5, state=every_type.State.label_1, the_string="a")
    assert frames_of(columns) == [frame_of(1, first), frame_of(2, every_type.MaybeFlow())]


def test_the_elements_of_a_bit_field_are_masked_together(every_type: ModuleType) -> None:
    some, none = masked([0, 0], 1), masked([0, 0])
    pins = every_type.PinsElementColumns(mode=some, armed=none, count=some)
    (problem,) = problems_of(every_type.MaybeColumns(timestamp=np.array([1, 2]), pins=pins))
    assert problem == "channel 'pins', row 1: masked in some elements and not in others; mask all or none"


def test_an_array_without_rows_has_no_frames(every_type: ModuleType) -> None:
    assert frames_of(every_type.MaybeColumns(timestamp=np.array([], np.int64))) == []


def test_checks_come_before_the_first_frame(every_type: ModuleType) -> None:
    columns = every_type.MaybeColumns(timestamp=np.arange(100_000), the_int32=np.arange(100_000) << 16)
    (problem,) = problems_of(columns)
    assert problem == "channel 'the_int32', row 32768: 2147483648 " + INT32 + " (and 67231 more rows)"
    frames = encode_columns(every_type.MaybeColumns(timestamp=np.arange(3)), b"\x0a\x01c", b"")
    assert isinstance(frames, Iterator)


def test_a_row_that_no_server_takes_is_named(every_type: ModuleType) -> None:
    fits, long = "é" * 2_000_000, "é" * 2_100_000
    columns = every_type.MaybeColumns(timestamp=np.arange(3), the_string=["", fits, ""], the_bytes=[b"", b"", b"x"])
    assert [len(frame) > 4_000_000 for frame in frames_of(columns)] == [False, True, False]
    columns.the_string = ["", fits, long]
    (problem,) = problems_of(columns)
    assert problem.startswith("row 2: its channel values take 4200")
    assert problem.endswith(" bytes; Sift accepts requests of up to 4 MiB")
