"""Values by name: checked, told all at once what is wrong, and sent as the generated flow sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sift_runtime import SdkClosedError, SerializationError, TimestampError, TrackError, UnknownFlowError
from vehicle_telemetry import Gpio, ReadingsFlow, VehicleState

from .conftest import OpenSdk
from .scripted_server import ScriptedServer
from .waiting import DEADLINE

WHOLE: Mapping[str, Any] = {
    "gpio": {"12v": 1, "led": 9},
    "voltage": 5,
    "vehicle_state": "Stopped",
    "mainmotor.velocity": 2,
}
TYPED = ReadingsFlow(
    mainmotor_velocity=2.0, voltage=5, vehicle_state=VehicleState.Stopped, gpio=Gpio(_12v=1, charge=0, led=9, heater=0)
)


@pytest.mark.parametrize(
    "values",
    [
        WHOLE,
        {**WHOLE, "vehicle_state": 2, "gpio": TYPED.gpio},
        {**WHOLE, "vehicle_state": VehicleState.Stopped, "gpio": TYPED.gpio.pack()},
    ],
)
def test_values_are_sent_as_the_generated_flow_sends_them(
    server: ScriptedServer, open_sdk: OpenSdk, values: Mapping[str, Any]
) -> None:
    sdk = open_sdk()
    sdk.track_values("readings", values, 7)
    sdk.track(TYPED, 7)
    assert sdk.flush(DEADLINE).acknowledged_all
    first, second = server.acknowledged
    assert first == second


def test_channel_without_a_value_is_empty(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.track_values("readings", {"voltage": 5, "gpio": None})
    assert sdk.flush(DEADLINE).acknowledged_all
    kinds = [value.WhichOneof("type") for value in server.acknowledged[0].channel_values]
    assert kinds == ["empty", "int32", "empty", "empty"]


def test_all_that_is_wrong_is_told_at_once(open_sdk: OpenSdk) -> None:
    sdk = open_sdk(on_error="raise")
    wrong = {
        "mainmotor.velocity": "fast",
        "voltage": 3.0,
        "vehicle_state": "Floating",
        "gpio": {"12v": 2, "horn": 1},
        "voltag": 1,
        7: 1,
    }
    with pytest.raises(SerializationError) as refusal:
        sdk.track_values("readings", wrong)  # type: ignore[arg-type]  # which is what a source without types gives
    assert list(refusal.value.problems) == [
        "channel 'voltag' is none of this flow; did you mean 'voltage'?",
        "channel 7 is none of this flow; it has 'gpio', 'mainmotor.velocity', 'vehicle_state', 'voltage'",
        "channel 'mainmotor.velocity': 'fast' is a str, not a float",
        "channel 'voltage': 3.0 is a float, not an int",
        "channel 'vehicle_state': 'Floating' is none of its enum's keys "
        "(Accelerating = 0, Decelerating = 1, Stopped = 2)",
        "channel 'gpio': element '12v': 2 does not fit 1 bit (0 to 1); "
        "element 'horn' is none of '12v', 'charge', 'led', 'heater'",
    ]
    assert sdk.stats.tracked == 0


@pytest.mark.parametrize(
    "values",
    [
        {},
        [("voltage", 1)],
        {"voltage": True},
        {"mainmotor.velocity": True},
        {"vehicle_state": True},
        {"vehicle_state": 1.0},
        {"vehicle_state": 99},
        {"vehicle_state": ["Stopped"]},
        {"voltage": 2**31},
        {"gpio": b""},
        {"gpio": b"\0\0"},
        {"gpio": 7},
        {"gpio": {"12v": True}},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(open_sdk: OpenSdk, values: Any) -> None:
    with pytest.raises(SerializationError, match="flow 'readings'"):
        open_sdk(on_error="raise").track_values("readings", values)


def test_flow_or_time_that_cannot_be_is_refused(open_sdk: OpenSdk) -> None:
    sdk = open_sdk(on_error="raise")
    with pytest.raises(UnknownFlowError, match="'reading' is no flow of asset 'NostromoLV426'; it has 'readings'"):
        sdk.track_values("reading", WHOLE)
    with pytest.raises(TimestampError):
        sdk.track_values("readings", WHOLE, "now")  # type: ignore[arg-type]


def test_errors_are_counted_and_logged_where_they_are_not_raised(
    open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture
) -> None:
    sdk = open_sdk()
    sdk.track_values("readings", {"voltage": "high"})
    assert sdk.stats.serialization_errors == 1
    assert isinstance(sdk.last_serialization_error, TrackError)
    assert "flow not tracked (error 1 of readings)" in caplog.text


class Broken(Mapping[str, float]):
    """A mapping that raises when it is looked at."""

    def __getitem__(self, key: str) -> float:
        raise RuntimeError("the sensor is gone")

    def __iter__(self) -> Iterator[str]:
        return iter(["voltage"])

    def __len__(self) -> int:
        return 1


class Unspeakable:
    """A key that has no words."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize("values", [Broken(), {Unspeakable(): 1.0}], ids=["mapping", "key"])
def test_whatever_a_users_class_raises_is_counted(open_sdk: OpenSdk, values: Any) -> None:
    sdk = open_sdk()
    sdk.track_values("voltage", values)
    sdk.track_values(["voltage"], {"voltage": 1})  # type: ignore[arg-type]  # untyped sources may give anything
    assert sdk.stats.serialization_errors == 2
    assert sdk.close(0).left == 0


def test_nothing_is_tracked_after_close(open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.close(0)
    with pytest.raises(SdkClosedError, match="track_values"):
        sdk.track_values("readings", WHOLE)
    with pytest.raises(SdkClosedError, match="create_flow"):
        sdk.create_flow("late", {})
