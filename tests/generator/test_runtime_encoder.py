"""The encoder that is built at run time against the generated ones: the same bytes for the same values."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sift_runtime import DataType, Flow
from sift_runtime._values import ValuesEncoder
from tests.generator.packages import config_of, load_package
from tests.generator.protobuf_reference import draw_flow
from tests.generator.strategies import channel_configs
from tests.generator.test_wire_bytes import camel_case_types


def values_of(flow: Flow) -> dict[str, Any]:
    return {channel.name: getattr(flow, channel.field) for channel in flow.schema().channels}


@given(data=st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_type_is_byte_identical(every_type: ModuleType, data: st.DataObject) -> None:
    flow = draw_flow(data, every_type, every_type.ReadingsFlow)
    encoder = ValuesEncoder(flow.schema())
    values = values_of(flow)
    in_any_order = dict(data.draw(st.permutations(list(values.items()))))
    assert encoder.encode(in_any_order) == flow.encode()
    assert encoder.encode(plain(flow, values)) == flow.encode()


def plain(flow: Flow, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as a source without our types has them: labels, and elements by name."""
    given_values = dict(values)
    for channel in flow.schema().channels:
        value = values[channel.name]
        if channel.data_type is DataType.ENUM:
            given_values[channel.name] = next(label.name for label in channel.enum_types if label.key == value)
        if channel.data_type is DataType.BIT_FIELD:
            given_values[channel.name] = {name: element for name, _, element in value._elements()}
    return given_values


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_missing_channels_are_sent_as_empty_in_their_place(every_type: ModuleType, data: st.DataObject) -> None:
    flow = draw_flow(data, every_type, every_type.MaybeFlow, optional=True)
    values = {name: value for name, value in values_of(flow).items() if value is not None}
    if values:
        assert ValuesEncoder(flow.schema()).encode(values) == flow.encode()


@given(data=st.data(), count=st.integers(1, 12))
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_flows_are_byte_identical(data: st.DataObject, count: int) -> None:
    channels = [data.draw(channel_configs(f"channel_{number}")) for number in range(count)]
    with tempfile.TemporaryDirectory() as directory:
        package = load_package(Path(directory), camel_case_types(config_of(*channels)))
    flow = draw_flow(data, package, package.ReadingsFlow)
    assert ValuesEncoder(flow.schema()).encode(values_of(flow)) == flow.encode()
