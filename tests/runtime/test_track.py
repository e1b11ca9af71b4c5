"""track(): what it takes, what it refuses and how, and what it does with time."""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest

from sift_runtime import (
    Sdk,
    SdkClosedError,
    SerializationError,
    SiftRuntimeError,
    TimestampError,
    TrackError,
    UnknownFlowError,
)
from vehicle_telemetry import TELEMETRY, Gpio, LogsFlow, ReadingsFlow, VehicleState, VoltageFlow

from .conftest import OpenSdk
from .flows import BIG, received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def arrived(server: ScriptedServer) -> list[int]:
    """Return the timestamps that arrived, in nanoseconds."""
    return [request.timestamp.seconds * 10**9 + request.timestamp.nanos for request in server.acknowledged]


@pytest.mark.parametrize(
    ("timestamp", "nanoseconds"),
    [
        (0, 0),
        (-1, -1),
        (1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
        (EPOCH, 0),
        (EPOCH - timedelta(microseconds=1), -1000),
        # As floats these would be off by some microseconds.
        (datetime(2242, 3, 16, 12, 56, 31, 999_999, tzinfo=UTC), 8_589_934_591_999_999_000),
        (datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), 253_402_300_799_999_999_000),
        (datetime(1, 1, 1, tzinfo=UTC), -62_135_596_800 * 10**9),
        (datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), 0),
        (datetime(1970, 1, 1, tzinfo=timezone(timedelta(hours=-9, minutes=-30))), 34_200 * 10**9),
    ],
    ids=str,
)
def test_timestamps_are_exact(
    server: ScriptedServer, open_sdk: OpenSdk, timestamp: datetime | int, nanoseconds: int
) -> None:
    sdk = open_sdk(on_error="raise")
    sdk.track(VoltageFlow(voltage=1), timestamp)
    sdk.flush()
    assert arrived(server) == [nanoseconds]


def test_timestamp_is_now_by_default(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    before = time.time_ns()
    sdk.track(VoltageFlow(voltage=1))
    after = time.time_ns()
    sdk.flush()
    assert before <= arrived(server)[0] <= after


@pytest.mark.parametrize(
    ("timestamp", "mend"),
    [
        (datetime(2024, 1, 1), "is naive.*datetime.now"),
        (True, "is a bool; give an aware datetime or integer nanoseconds"),
        (1.5, "is a float"),
        ("2024-01-01", "is a str"),
        (253_402_300_800 * 10**9, "outside the years 1 to 9999"),
        (-62_135_596_800 * 10**9 - 1, "outside the years 1 to 9999"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))), "outside the years 1 to 9999 in UTC"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "outside the years 1 to 9999 in UTC"),
    ],
    ids=str,
)
def test_timestamps_that_mean_no_instant_are_refused(open_sdk: OpenSdk, timestamp: Any, mend: str) -> None:
    with pytest.raises(TimestampError, match=mend):
        open_sdk(on_error="raise").track(VoltageFlow(voltage=1), timestamp)
    quiet = open_sdk()
    quiet.track(VoltageFlow(voltage=1), timestamp)
    assert (quiet.stats.tracked, quiet.stats.serialization_errors) == (0, 1)
    assert isinstance(quiet.last_serialization_error, TimestampError)


def test_encoding_error_does_not_break_the_loop(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    track(sdk, 1, BIG, 2)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1, 2]
    assert (sdk.stats.tracked, sdk.stats.serialization_errors) == (2, 1)
    error = sdk.last_serialization_error
    assert isinstance(error, SerializationError)
    assert error.flow == "voltage"
    assert str(BIG) in str(error)


def test_encoding_error_is_raised_on_request(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(on_error="raise")
    with pytest.raises(SerializationError) as raised:
        track(sdk, BIG)
    assert sdk.last_serialization_error is raised.value
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1]
    assert sdk.stats.serialization_errors == 1


def test_errors_of_a_loop_do_not_flood_the_log(open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture) -> None:
    sdk = open_sdk()
    track(sdk, *[BIG] * 100)
    sdk.track(LogsFlow(log="\ud800"))
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    counts = [text.partition("(error ")[2].partition(")")[0] for text in errors]
    assert counts == [f"{2**power} of VoltageFlow" for power in range(7)] + ["1 of LogsFlow"]
    assert sdk.stats.serialization_errors == 101


def test_flow_of_another_package_is_refused(open_sdk: OpenSdk) -> None:
    telemetry = replace(TELEMETRY, flows=(VoltageFlow,))
    with pytest.raises(UnknownFlowError, match=r"LogsFlow is no flow of this Sdk's package.*'voltage'"):
        open_sdk(telemetry, on_error="raise").track(LogsFlow(log="x"))
    quiet: Any = open_sdk(telemetry)
    for stranger in (LogsFlow(log="x"), "text", None, {"voltage": 1}):
        quiet.track(stranger)
    assert (quiet.stats.tracked, quiet.stats.serialization_errors) == (0, 4)


def test_flow_that_no_server_takes_is_refused(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(run_id="r" * 1000)
    sdk.track(LogsFlow(log="x" * 4 * 1024 * 1024))
    assert "requests of up to 4 MiB" in str(sdk.last_serialization_error)
    sdk.track(LogsFlow(log="x" * 4_000_000))
    sdk.track(LogsFlow(log="x" * (4 * 1024 * 1024 - 500)))  # with what stands around it, this is too large, too
    assert sdk.flush().acknowledged_all
    assert (sdk.stats.tracked, sdk.stats.serialization_errors) == (1, 2)


def test_flow_is_read_at_once_and_may_change_later(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    flow = VoltageFlow(voltage=0)
    for number in range(5):
        flow.voltage = number
        sdk.track(flow)
    sdk.flush()
    assert received(server) == [0, 1, 2, 3, 4]


def test_closed_sdk_takes_nothing_more(open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    with sdk:
        track(sdk, 1)
    report = sdk.close()
    assert (report.acknowledged_all, report.acknowledged) == (True, 1)
    with pytest.raises(SdkClosedError, match=r"track\(\) after close\(\)"):
        track(sdk, 2)
    with pytest.raises(SdkClosedError, match=r"connect\(\) after close\(\)"):
        sdk.connect()
    assert finish(lambda: sdk.flush(None)) == report
    assert sdk.close() == report
    assert sdk.stats.tracked == 1


def test_closed_sdk_is_let_go(server: ScriptedServer) -> None:
    sdk = Sdk(TELEMETRY, uri=server.uri, api_key="key")
    sdk.close()
    remains = weakref.ref(sdk)
    del sdk
    gc.collect()
    assert remains() is None


def test_track_does_not_wait_for_a_close_that_waits_for_the_server(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script_ingest(Answer(held=True))
    sdk = open_sdk()
    track(sdk, 1)
    server.wait_for_read(1)

    def track_until_closed() -> str:
        while True:
            try:
                track(sdk, 2)
            except SdkClosedError as error:
                return str(error)

    closing = threading.Thread(target=lambda: sdk.close(DEADLINE * 10), daemon=True)
    closing.start()
    assert finish(track_until_closed)
    assert closing.is_alive()
    server.release()
    closing.join(DEADLINE)
    assert not closing.is_alive()


def test_every_error_has_one_root() -> None:
    for kind in (TrackError, SdkClosedError, UnknownFlowError, TimestampError, SerializationError):
        assert issubclass(kind, SiftRuntimeError)


class Hostile:
    """A value whose every look raises."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    __index__ = __float__ = __str__ = __repr__


class HostileZone(tzinfo):
    def utcoffset(self, moment: datetime | None) -> timedelta:
        raise RuntimeError("no offset")

    def dst(self, moment: datetime | None) -> None: ...

    def tzname(self, moment: datetime | None) -> str:
        raise RuntimeError("no name")


def broken_gpio() -> Gpio:
    gpio = Gpio(_12v=1, charge=1, led=1, heater=1)
    del gpio.led
    return gpio


def reading(**values: Any) -> ReadingsFlow:
    gpio = Gpio(_12v=1, charge=1, led=1, heater=1)
    good = {"mainmotor_velocity": 1.0, "voltage": 1, "vehicle_state": VehicleState.Stopped, "gpio": gpio}
    return ReadingsFlow(**{**good, **values})


@pytest.mark.parametrize(
    ("flow", "timestamp", "message"),
    [
        (reading(gpio=Gpio(_12v=1, charge=1, led=10**5000, heater=0)), None, "element 'led': an integer of 16610 bits"),
        (reading(mainmotor_velocity=Hostile()), None, "'mainmotor.velocity': <Hostile whose repr"),
        (reading(voltage=Hostile()), None, "'voltage': cannot be looked at: RuntimeError: no repr"),
        (reading(mainmotor_velocity=[10**5000]), None, "<list whose repr"),
        (reading(gpio=broken_gpio()), None, "'gpio': cannot be looked at: AttributeError"),
        (reading(), datetime(2024, 1, 1, tzinfo=HostileZone()), "its zone raises RuntimeError"),
        (reading(), 10**5000, "an integer of 16610 bits"),
        (reading(), Hostile(), "is a Hostile"),
        (Hostile(), None, "Hostile is no flow"),
    ],
    ids=["long element", "float", "integer", "long list", "element gone", "zone", "long time", "time", "flow"],
)
def test_no_value_makes_track_raise(
    server: ScriptedServer, open_sdk: OpenSdk, flow: Any, timestamp: Any, message: str
) -> None:
    sdk = open_sdk()
    sdk.track(flow, timestamp)
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1]
    assert (sdk.stats.tracked, sdk.stats.serialization_errors) == (1, 1)
    assert message in str(sdk.last_serialization_error)
