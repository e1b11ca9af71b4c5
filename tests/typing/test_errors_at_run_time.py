"""What the checkers reject is an error at run time too: nothing wrong is sent because nobody ran a checker."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from sift_runtime._errors import SerializationError
from tests.golden.cases import import_golden_package

GPIO = {"_12v": 1, "charge": 2, "led": 3, "heater": 0}


@pytest.fixture(scope="module")
def nostromo() -> ModuleType:
    return import_golden_package("nostromo")


@pytest.fixture(scope="module")
def every_type() -> ModuleType:
    return import_golden_package("every_type")


def test_a_missing_channel_is_named(nostromo: ModuleType) -> None:
    with pytest.raises(TypeError, match="'voltage'"):
        nostromo.ReadingsFlow(mainmotor_velocity=1.0, vehicle_state=nostromo.VehicleState.Stopped, gpio=None)


def test_an_unknown_channel_is_named(nostromo: ModuleType) -> None:
    with pytest.raises(TypeError, match="'level'"):
        nostromo.LogsFlow(log="x", level=3)


def test_channels_are_not_positional(nostromo: ModuleType) -> None:
    with pytest.raises(TypeError, match="positional"):
        nostromo.LogsFlow("x")


def test_an_unknown_attribute_cannot_be_set(nostromo: ModuleType) -> None:
    logs, gpio = nostromo.LogsFlow(log="x"), nostromo.Gpio(**GPIO)
    with pytest.raises(AttributeError, match="'lgo'"):
        logs.lgo = "y"
    with pytest.raises(AttributeError, match="'fan'"):
        gpio.fan = 1


@pytest.mark.parametrize("elements", [{"_12v": 1}, {**GPIO, "fan": 1}], ids=["missing", "unknown"])
def test_the_elements_of_a_bit_field_are_checked(nostromo: ModuleType, elements: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"'fan'|'charge'"):
        nostromo.Gpio(**elements)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("a_double", "1.0"),
        ("a_float", "1.0"),
        ("an_int32", 1.0),
        ("an_int64", 1.0),
        ("a_uint32", 1.0),
        ("a_uint64", "1"),
        ("a_bool", 1),
        ("a_string", b"text"),
        ("some_bytes", "text"),
        ("an_enum", 99),
        ("an_enum", "Idle"),
        ("a_bit_field", b"\x01"),
        ("a_bit_field", 1),
    ],
)
def test_a_value_of_another_type_names_its_channel(every_type: ModuleType, field: str, value: object) -> None:
    flow = every_type.OptionalFlow(**{field: value})
    with pytest.raises(SerializationError, match=f"flow 'optional': .*{field}") as caught:
        flow.encode()
    assert len(caught.value.problems) == 1


def test_none_for_a_required_channel_names_it(nostromo: ModuleType) -> None:
    for flow, channel in ((nostromo.LogsFlow(log=None), "log"), (nostromo.VoltageFlow(voltage=None), "voltage")):
        with pytest.raises(SerializationError, match=f"'{channel}'"):
            flow.encode()


def test_another_bit_fields_struct_does_not_slip_in(nostromo: ModuleType, every_type: ModuleType) -> None:
    with pytest.raises(SerializationError, match="'a_bit_field'"):
        every_type.OptionalFlow(a_bit_field=nostromo.Gpio(**GPIO)).encode()


def test_every_bad_channel_is_named_at_once(every_type: ModuleType) -> None:
    bad: dict[str, Any] = {"a_double": "1.0", "an_int32": 1.0, "a_bool": 1}
    with pytest.raises(SerializationError) as caught:
        every_type.OptionalFlow(**bad).encode()
    assert [field for field in bad if field in str(caught.value)] == list(bad)
    assert len(caught.value.problems) == len(bad)
