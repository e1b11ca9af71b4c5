"""A value that does not fit its channel is refused by name, limit and mend; no number is ever wrapped."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sift_runtime import SerializationError
from sift_runtime.generated import Flow
from tests.generator.packages import Config, channel, config_of, load_package
from tests.generator.protobuf_reference import protobuf_bytes
from tests.generator.strategies import SCALAR_VALUES

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
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_any_channel_is_sent_right_or_refused(every_type: ModuleType, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([each.field for each in every_type.ReadingsFlow.schema().channels]))
    anything = st.one_of(
        *SCALAR_VALUES.values(), st.none(), st.just(object()), st.integers(), st.complex_numbers(), st.just([])
    )
    flow = every_type.ReadingsFlow(**values_with(every_type, {field: data.draw(anything)}))
    encoded = encoded_or_refusal(flow)
    if isinstance(encoded, bytes):
        assert encoded == protobuf_bytes(flow)
    else:
        assert f"channel {field!r}" in encoded


def encoded_or_refusal(flow: Flow) -> bytes | str:
    try:
        return flow.encode()
    except SerializationError as error:
        return str(error)


def test_a_struct_of_another_bit_field_cannot_slip_its_width_in(tmp_path: Path) -> None:
    narrow = channel("narrow", "bit_field", bit_field_elements=[{"name": "a", "index": 0, "bit_count": 1}])
    wide = channel("wide", "bit_field", bit_field_elements=[{"name": "b", "index": 30, "bit_count": 9}])
    package = load_package(tmp_path, config_of(narrow, wide))
    with pytest.raises(SerializationError):
        package.ReadingsFlow(narrow=package.Wide(b=1), wide=package.Wide(b=1)).encode()
