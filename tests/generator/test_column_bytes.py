"""Columns against single flows: the same frames, byte for byte."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.generator.columns_of_flows import ENVELOPE, columns_of, frame_of, frames_of
from tests.generator.packages import channel, config_of, load_package
from tests.generator.protobuf_reference import draw_flow
from tests.generator.strategies import channel_configs
from tests.generator.test_wire_bytes import camel_case_types

INT64 = st.integers(-(2**63), 2**63 - 1)
times_ns = st.one_of(
    st.sampled_from([0, 1, -1, 10**9, -(10**9), 1_700_000_000_000_000_000, 2**63 - 1, -(2**63), 127, 128 * 10**9]),
    INT64,
    st.integers(-(2**33), 2**33).map(lambda seconds: seconds * 10**9),
)
_FIXTURE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def assert_same_frames(package: ModuleType, columns_class: Any, times: list[int], flows: list[Any]) -> None:
    columns = columns_of(package, columns_class, np.array(times, np.int64), flows)
    assert frames_of(columns) == [frame_of(time, flow) for time, flow in zip(times, flows, strict=True)]


@given(data=st.data(), times=st.lists(times_ns, max_size=6))
@settings(max_examples=200, suppress_health_check=_FIXTURE)
def test_every_type_is_byte_identical_to_single_flows(
    every_type: ModuleType, data: st.DataObject, times: list[int]
) -> None:
    flows = [draw_flow(data, every_type, every_type.ReadingsFlow) for _ in times]
    assert_same_frames(every_type, every_type.ReadingsColumns, times, flows)


@given(data=st.data(), times=st.lists(times_ns, max_size=6))
@settings(max_examples=200, suppress_health_check=_FIXTURE)
def test_masked_rows_and_columns_without_values_are_sent_as_empty(
    every_type: ModuleType, data: st.DataObject, times: list[int]
) -> None:
    flows = [draw_flow(data, every_type, every_type.MaybeFlow, optional=True) for _ in times]
    assert_same_frames(every_type, every_type.MaybeColumns, times, flows)


@given(data=st.data(), count=st.integers(1, 12))
@settings(max_examples=20, suppress_health_check=_FIXTURE)
def test_random_flows_are_byte_identical_to_single_flows(data: st.DataObject, count: int) -> None:
    channels = [data.draw(channel_configs(f"channel_{number}")) for number in range(count)]
    with tempfile.TemporaryDirectory() as directory:
        package = load_package(Path(directory), camel_case_types(config_of(*channels)))
    times = data.draw(st.lists(times_ns, min_size=1, max_size=4))
    flows = [draw_flow(data, package, package.ReadingsFlow) for _ in times]
    assert_same_frames(package, package.ReadingsColumns, times, flows)


@pytest.mark.parametrize("run_id", ["", "run-1"], ids=["no run", "a run"])
def test_many_rows_in_several_blocks_are_byte_identical(every_type: ModuleType, run_id: str) -> None:
    rows = 10_000
    random = np.random.default_rng(7)
    signs = random.choice([-1, 1], rows)
    exponents = random.integers(0, 63, rows)
    integers = signs * (np.int64(1) << exponents)
    hidden = random.random(rows) < 0.3
    times = integers * 3 // 2
    columns = every_type.MaybeColumns(
        timestamp=times,
        the_double=np.ma.MaskedArray(random.random(rows), hidden[::-1]),
        the_int64=np.ma.MaskedArray(integers, hidden),
        the_string=[None if row % 7 == 0 else "x" * (row % 300) for row in range(rows)],
    )
    envelope = dataclasses.replace(ENVELOPE, run_id=run_id)
    expected = [
        every_type.MaybeFlow(
            the_double=None if hidden[::-1][row] else float(columns.the_double.data[row]),
            the_int64=None if hidden[row] else int(integers[row]),
            the_string=columns.the_string[row],
        )
        for row in range(rows)
    ]
    assert frames_of(columns, envelope) == [
        frame_of(time, flow, envelope) for time, flow in zip(times.tolist(), expected, strict=True)
    ]


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load_package(tmp_path_factory.mktemp("clock"), config_of(channel("speed", "double")))


@given(
    unit=st.sampled_from(["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "2D", "3M"]),
    tick=st.integers(-20, 20),
    order=st.sampled_from(["<", ">"]),
)
@settings(max_examples=150, suppress_health_check=_FIXTURE)
@example(unit="s", tick=-62_135_596_800, order="<")
@example(unit="s", tick=253_402_300_799, order="<")
@example(unit="Y", tick=8029, order="<")
@example(unit="Y", tick=-1969, order="<")
def test_datetime64_of_any_unit_is_the_same_moment(clock: ModuleType, unit: str, tick: int, order: str) -> None:
    finer_than_ns = {"ps": 10**3, "fs": 10**6, "as": 10**9}.get(unit, 1)
    times = np.array([tick * finer_than_ns], np.int64).view(f"M8[{unit}]")
    nanoseconds = {"ms": 10**6, "us": 10**3}.get(unit, 1) * tick
    if unit not in ("ms", "us", "ns", "ps", "fs", "as"):
        nanoseconds = int(times.astype("M8[s]").view(np.int64)[0]) * 10**9
    columns = clock.ReadingsColumns(timestamp=times.astype(f"{order}M8[{unit}]"), speed=np.array([1.5]))
    assert frames_of(columns) == [frame_of(nanoseconds, clock.ReadingsFlow(speed=1.5))]


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "f2", "i1", "u2", ">i4", "i8", "u8"])
@pytest.mark.parametrize("step", [1, 3, -2])
def test_arrays_of_any_width_order_and_stride_are_taken(clock: ModuleType, dtype: str, step: int) -> None:
    speed = np.arange(60, dtype=dtype)[::step]
    times = np.arange(60, dtype=np.uint64)[: len(speed)]
    found = frames_of(clock.ReadingsColumns(timestamp=times, speed=speed))
    flows = [clock.ReadingsFlow(speed=float(value)) for value in speed]
    assert found == [frame_of(int(time), flow) for time, flow in zip(times, flows, strict=True)]


def test_a_channel_called_timestamp_keeps_its_name(tmp_path: Path) -> None:
    channels = (channel("timestamp", "int64"), channel("timestamp_", "double"))
    package = load_package(tmp_path, config_of(*channels))
    times, values = np.array([5, 6]), np.array([1.0, 2.0])
    columns = package.ReadingsColumns(timestamp__=times, timestamp=np.array([7, 8]), timestamp_=values)
    flows = [package.ReadingsFlow(timestamp=7, timestamp_=1.0), package.ReadingsFlow(timestamp=8, timestamp_=2.0)]
    assert frames_of(columns) == [frame_of(5, flows[0]), frame_of(6, flows[1])]
