"""Generated encoders against protobuf's own serializer: the same bytes for every value, an error for all others."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sift_runtime import SerializationError
from sift_runtime.generated import Flow
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataChannelValue as Value
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataStreamRequest as Request
from tests.generator.packages import Config, channel, config_of, load_package
from tests.generator.strategies import ENUM_KEYS, SCALAR_VALUES, channel_configs

ELEMENTS = [
    {"name": "mode", "index": 9, "bit_count": 3},
    {"name": "armed", "index": 0, "bit_count": 1},
    {"name": "count", "index": 12, "bit_count": 64},
]
EVERY_TYPE = [
    *(channel(f"the_{data_type}", data_type) for data_type in SCALAR_VALUES),
    channel("state", "enum", enum_types=[{"name": f"label_{key}", "key": key} for key in ENUM_KEYS]),
    channel("pins", "bit_field", bit_field_elements=ELEMENTS),
]


@pytest.fixture(scope="module")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    optional = {"optional": {"maybe": [each["name"] for each in EVERY_TYPE]}}
    flows = [{"name": "readings", "channels": EVERY_TYPE}, {"name": "maybe", "channels": EVERY_TYPE}]
    config = {"asset_name": "rover", "flows": flows, "x-sift-codegen": optional}
    return load_package(tmp_path_factory.mktemp("every_type"), config)


def protobuf_bytes(flow: Flow) -> bytes:
    """Serialize with protobuf what the flow's fields say, independently of the generated encoder."""
    values = [_value(each, getattr(flow, each.field)) for each in flow.schema().channels]
    return Request(channel_values=values).SerializeToString()


def _value(each: Any, value: Any) -> Value:
    kind = each.data_type.name.lower().replace("_32", "32").replace("_64", "64")
    if value is None:
        message = Value()
        message.empty.SetInParent()
        return message
    if kind == "bit_field":
        value = _packed(each.bit_field_elements, value)
    elif isinstance(value, bool) and kind != "bool":
        value = int(value)  # a Python bool is an int, for type checkers and for us; protobuf is stricter
    return Value(**{kind: value})


def _packed(elements: Any, struct: Any) -> bytes:
    """Pack bit by bit, as the protocol words it: bit i of the field is bit i mod 8 of byte i div 8."""
    data = bytearray((max(element.index + element.bit_count for element in elements) + 7) // 8)
    for element, value in zip(elements, vars_of(struct), strict=True):
        for bit in range(element.bit_count):
            place = element.index + bit
            data[place // 8] |= (value >> bit & 1) << place % 8
    return bytes(data)


def vars_of(struct: Any) -> list[int]:
    return [getattr(struct, field.name) for field in dataclasses.fields(struct)]


def draw_flow(data: st.DataObject, package: ModuleType, flow_class: Any, *, optional: bool = False) -> Any:
    values = {}
    for each in flow_class.schema().channels:
        strategy = value_strategy(package, each)
        values[each.field] = data.draw(st.none() | strategy if optional else strategy)
    return flow_class(**values)


def value_strategy(package: ModuleType, each: Any) -> st.SearchStrategy[Any]:
    kind = each.data_type.name.lower().replace("_32", "32").replace("_64", "64")
    name = each.field[:1].upper() + each.field[1:]
    if kind == "enum":
        return st.sampled_from(list(getattr(package, name)))
    if kind == "bit_field":
        fields = [field.name for field in dataclasses.fields(getattr(package, name))]
        widths = [element.bit_count for element in each.bit_field_elements]
        elements = {name: st.integers(0, 2**width - 1) for name, width in zip(fields, widths, strict=True)}
        return st.builds(getattr(package, name), **elements)
    return SCALAR_VALUES[kind]


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_type_is_byte_identical_to_protobuf(every_type: ModuleType, data: st.DataObject) -> None:
    flow = draw_flow(data, every_type, every_type.ReadingsFlow)
    expected = protobuf_bytes(flow)
    assert flow.encode() == expected
    assert Request(channel_values=flow.channel_values()).SerializeToString() == expected


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_optional_channels_are_sent_as_empty_in_their_place(every_type: ModuleType, data: st.DataObject) -> None:
    flow = draw_flow(data, every_type, every_type.MaybeFlow, optional=True)
    assert flow.encode() == protobuf_bytes(flow)
    kinds = [value.WhichOneof("type") == "empty" for value in flow.channel_values()]
    assert kinds == [getattr(flow, each.field) is None for each in flow.schema().channels]


@given(data=st.data(), count=st.one_of(st.integers(1, 12), st.sampled_from([100, 300])))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
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


GOOD: Config = {
    "the_double": 1.0,
    "the_float": 1.0,
    "the_bool": True,
    "the_string": "",
    "the_bytes": b"",
    "the_int32": 0,
    "the_int64": 0,
    "the_uint32": 0,
    "the_uint64": 0,
}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("the_int32", 2**31, "channel 'the_int32': 2147483648 does not fit int32 (-2147483648 to 2147483647)"),
        ("the_int32", -(2**31) - 1, "channel 'the_int32': -2147483649 does not fit int32 (-2147483648 to 2147483647)"),
        ("the_uint32", -1, "channel 'the_uint32': -1 does not fit uint32 (0 to 4294967295)"),
        ("the_int64", 2**63, "does not fit int64 (-9223372036854775808 to 9223372036854775807)"),
        (
            "the_uint64",
            2**64,
            "channel 'the_uint64': 18446744073709551616 does not fit uint64 (0 to 18446744073709551615)",
        ),
        pytest.param(
            "the_uint64", 2**100_000, "channel 'the_uint64': an integer of 100001 bits does not fit", id="huge"
        ),
        (
            "the_float",
            1e39,
            "channel 'the_float': 1e+39 does not fit float (-3.4028235e+38 to 3.4028235e+38, or infinite)",
        ),
        pytest.param("the_double", 10**400, "does not fit double", id="beyond double"),
        ("the_double", "1.0", "channel 'the_double': '1.0' is a str, not a float"),
        ("the_float", None, "channel 'the_float': None is a NoneType, not a float"),
        ("the_int32", 3.0, "channel 'the_int32': 3.0 is a float, not an int"),
        ("the_uint64", 0.0, "channel 'the_uint64': 0.0 is a float, not an int"),
        ("the_bool", 1, "channel 'the_bool': 1 is an int, not a bool"),
        ("the_string", b"x", "channel 'the_string': b'x' is a bytes, not a str"),
        ("the_string", "\ud800", "is not valid Unicode: lone surrogate at index 0"),
        ("the_bytes", "x", "channel 'the_bytes': 'x' is a str, not a bytes"),
        ("the_bytes", bytearray(b"x"), "is a bytearray, not a bytes"),
        ("the_bytes", 5, "channel 'the_bytes': 5 is an int, not a bytes"),
        ("state", 7, "channel 'state': 7 is none of its enum's keys (label_0 = 0, label_1 = 1"),
        ("state", 1.0, "channel 'state': 1.0 is none of its enum's keys"),
        ("state", "label_0", "channel 'state': 'label_0' is none of its enum's keys"),
        ("pins", b"\0", "channel 'pins': b'\\x00' is a bytes, not a BitField"),
    ],
)
def test_what_does_not_fit_is_named_and_never_wrapped(
    every_type: ModuleType, field: str, value: object, message: str
) -> None:
    flow = every_type.ReadingsFlow(**values_with(every_type, {field: value}))
    for use in (flow.encode, flow.channel_values):
        with pytest.raises(SerializationError) as caught:
            use()
        assert str(caught.value).startswith("flow 'readings': ")
        assert message in str(caught.value)


def values_with(package: ModuleType, values: Config) -> Config:
    struct = package.Pins(mode=0, armed=0, count=0)
    return {**GOOD, "state": package.State.label_0, "pins": struct, **values}


def test_all_bad_channels_are_named_at_once(every_type: ModuleType) -> None:
    bad = {"the_int32": 2**31, "the_string": 5, "pins": every_type.Pins(mode=8, armed=-1, count=0)}
    with pytest.raises(SerializationError) as caught:
        every_type.ReadingsFlow(**values_with(every_type, bad)).encode()
    assert caught.value.flow == "readings"
    assert caught.value.problems == (
        "channel 'the_string': 5 is an int, not a str",
        "channel 'the_int32': 2147483648 does not fit int32 (-2147483648 to 2147483647)",
        "channel 'pins', element 'mode': 8 does not fit 3 bits (0 to 7)",
        "channel 'pins', element 'armed': -1 does not fit 1 bit (0 to 1)",
    )


def test_float_rounds_to_the_nearest_float32_as_protobuf_does(every_type: ModuleType) -> None:
    for value in (0.1, 3.4028235677973362e38, 1e-46, math.pi):
        flow = every_type.ReadingsFlow(**values_with(every_type, {"the_float": value}))
        assert flow.encode() == protobuf_bytes(flow)


@given(data=st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_value_in_any_channel_is_sent_right_or_refused(every_type: ModuleType, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([each["name"] for each in EVERY_TYPE]))
    anything = st.one_of(
        *SCALAR_VALUES.values(), st.none(), st.just(object()), st.integers(), st.complex_numbers(), st.just([])
    )
    flow = every_type.ReadingsFlow(**values_with(every_type, {field: data.draw(anything)}))
    refusal = None
    try:
        encoded = flow.encode()
    except SerializationError as error:
        refusal = str(error)
    if refusal is None:
        assert encoded == protobuf_bytes(flow)
    else:
        assert f"channel {field!r}" in refusal


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_bit_fields_unpack_what_they_packed(every_type: ModuleType, data: st.DataObject) -> None:
    struct = data.draw(value_strategy(every_type, every_type.ReadingsFlow.schema().channels[-1]))
    assert every_type.Pins.unpack(struct.pack()) == struct
    assert len(struct.pack()) == every_type.Pins.BYTE_COUNT


def test_a_struct_of_another_bit_field_cannot_slip_its_width_in(tmp_path: Path) -> None:
    narrow = channel("narrow", "bit_field", bit_field_elements=[{"name": "a", "index": 0, "bit_count": 1}])
    wide = channel("wide", "bit_field", bit_field_elements=[{"name": "b", "index": 30, "bit_count": 9}])
    package = load_package(tmp_path, config_of(narrow, wide))
    with pytest.raises(SerializationError):
        package.ReadingsFlow(narrow=package.Wide(b=1), wide=package.Wide(b=1)).encode()
