"""Generated encoders against protobuf's own serializer: the same bytes for every value."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import ModuleType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataStreamRequest as Request
from tests.generator.packages import Config, channel, config_of, load_package
from tests.generator.protobuf_reference import draw_flow, protobuf_bytes, value_strategy
from tests.generator.strategies import channel_configs


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_type_is_byte_identical_to_protobuf(every_type: ModuleType, data: st.DataObject) -> None:
    flow = draw_flow(data, every_type, every_type.ReadingsFlow)
    expected = protobuf_bytes(flow)
    assert flow.encode() == expected
    assert Request(channel_values=flow.channel_values()).SerializeToString() == expected


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_optional_channels_are_sent_as_empty_in_their_place(every_type: ModuleType, data: st.DataObject) -> None:
    flow = draw_flow(data, every_type, every_type.MaybeFlow, optional=True)
    assert flow.encode() == protobuf_bytes(flow)
    kinds = [value.WhichOneof("type") == "empty" for value in flow.channel_values()]
    assert kinds == [getattr(flow, each.field) is None for each in flow.schema().channels]


@given(data=st.data(), count=st.one_of(st.integers(1, 12), st.sampled_from([100, 300])))
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_flows_are_byte_identical_to_protobuf(data: st.DataObject, count: int) -> None:
    channels = [data.draw(channel_configs(f"channel_{number}")) for number in range(count)]
    with tempfile.TemporaryDirectory() as directory:
        package = load_package(Path(directory), camel_case_types(config_of(*channels)))
    for _ in range(3):
        flow = draw_flow(data, package, package.ReadingsFlow)
        assert flow.encode() == protobuf_bytes(flow)


def camel_case_types(config: Config) -> Config:
    """Name enum and bit-field classes after their fields, so that the test finds them without the generator's help."""
    names = {
        each["name"]: each["name"][:1].upper() + each["name"][1:]
        for each in config["flows"][0]["channels"]
        if each["data_type"] in ("enum", "bit_field")
    }
    return {**config, "x-sift-codegen": {"names": {"types": names}}}


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bit_fields_unpack_what_they_packed(every_type: ModuleType, data: st.DataObject) -> None:
    struct = data.draw(value_strategy(every_type, every_type.ReadingsFlow.schema().channels[-1]))
    assert every_type.Pins.unpack(struct.pack()) == struct
    assert len(struct.pack()) == every_type.Pins.BYTE_COUNT


def test_a_bit_field_of_thousands_of_elements(tmp_path: Path) -> None:
    elements = [{"name": f"e{index}", "index": index, "bit_count": 1} for index in range(3_000)]
    package = load_package(tmp_path, config_of(channel("pins", "bit_field", bit_field_elements=elements)))
    pins = package.Pins(**{f"e{index}": index % 3 == 0 for index in range(3_000)})
    assert pins.pack() == sum(1 << index for index in range(0, 3_000, 3)).to_bytes(375, "little")
    assert package.Pins.unpack(pins.pack()) == pins
