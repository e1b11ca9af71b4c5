"""track_many(): the same as many calls of track(), and what it does with times and with what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sift_runtime import SdkClosedError, SerializationError
from vehicle_telemetry import AnyFlow, LogsFlow, VoltageFlow

from .conftest import OpenSdk
from .flows import received
from .scripted_server import Answer, ScriptedServer
from .test_track import arrived


def test_flows_of_any_kind_arrive_in_their_order(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    flows: list[AnyFlow] = []
    for number in range(2_500):  # more than are queued at once
        flows += [VoltageFlow(voltage=number), LogsFlow(log=str(number))]
    sdk = open_sdk()
    sdk.track_many(flows)
    assert sdk.flush().acknowledged_all
    got = [request.channel_values[0] for request in server.acknowledged]
    assert [value.int32 for value in got[::2]] == list(range(2_500))
    assert [value.string for value in got[1::2]] == [str(number) for number in range(2_500)]


def test_one_object_may_be_yielded_again_and_again(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    def readings() -> Iterator[VoltageFlow]:
        flow = VoltageFlow(voltage=0)
        for flow.voltage in range(1_500):
            yield flow

    sdk = open_sdk()
    sdk.track_many(readings())
    assert sdk.flush().acknowledged_all
    assert received(server) == list(range(1_500))


def test_without_times_no_two_readings_coincide(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.track_many(VoltageFlow(voltage=number) for number in range(1_500))
    sdk.flush()
    times = arrived(server)
    assert times == list(range(times[0], times[0] + 1_500))


def test_times_are_those_given(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    times: list[datetime | int] = [
        0,
        1,
        999_999_999,
        10**9,
        2**21,
        2**28,
        -1,
        datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
    ]
    sdk = open_sdk()
    sdk.track_many([VoltageFlow(voltage=1) for _ in times], times)
    sdk.flush()
    assert arrived(server) == [0, 1, 999_999_999, 10**9, 2**21, 2**28, -1, 10**9]


@pytest.mark.parametrize("times", [[1], [1, 2, 3]])
def test_each_flow_needs_its_time(server: ScriptedServer, open_sdk: OpenSdk, times: list[int]) -> None:
    sdk = open_sdk()
    with pytest.raises(ValueError, match=r"argument 2 is (shorter|longer)"):
        sdk.track_many([VoltageFlow(voltage=1), VoltageFlow(voltage=2)], times)
    assert sdk.flush().acknowledged == min(2, len(times))


BAD: list[tuple[Any, Any]] = [
    (VoltageFlow(voltage=2**31), 1),
    ("no flow", 1),
    (VoltageFlow(voltage=1), 1.5),
    (VoltageFlow(voltage=1), 10**30),
    (VoltageFlow(voltage=1), datetime(2024, 1, 1)),
]


def test_what_cannot_be_tracked_takes_nothing_with_it(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    pairs = [(VoltageFlow(voltage=7), 0), *BAD, (VoltageFlow(voltage=8), 0)]
    sdk.track_many([flow for flow, _ in pairs], [time for _, time in pairs])
    assert sdk.flush().acknowledged_all
    assert received(server) == [7, 8]
    assert sdk.stats.serialization_errors == len(BAD)


def test_error_on_request_leaves_what_stands_before_it(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(on_error="raise")
    with pytest.raises(SerializationError):
        sdk.track_many([VoltageFlow(voltage=1), VoltageFlow(voltage=2**31), VoltageFlow(voltage=2)])
    sdk.flush()
    assert received(server) == [1]


def test_generator_that_fails_leaves_what_it_gave(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    def readings() -> Iterator[VoltageFlow]:
        yield VoltageFlow(voltage=1)
        raise LookupError("the sensor is gone")

    sdk = open_sdk()
    with pytest.raises(LookupError):
        sdk.track_many(readings())
    sdk.flush()
    assert received(server) == [1]


def test_each_is_queued_before_the_next_is_asked_for(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    seen: list[int] = []

    def slow_sensor() -> Iterator[VoltageFlow]:
        for number in range(5):
            seen.append(sdk.stats.tracked)
            yield VoltageFlow(voltage=number)
            assert sdk.flush().acknowledged_all

    sdk.track_many(slow_sensor())
    assert seen == [0, 1, 2, 3, 4]
    assert received(server) == [0, 1, 2, 3, 4]


def test_a_full_queue_bounds_many_large_flows(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(spool_bytes=1_000_000)
    most = 0

    def large() -> Iterator[LogsFlow]:
        nonlocal most
        for _ in range(100):
            most = max(most, sdk.stats.in_spool)
            yield LogsFlow(log="x" * 100_000)

    server.script_ingest(Answer(held=True))
    sdk.track_many(large())
    server.release()
    assert 0 < most <= 2 * 10  # the queue and a batch on its way


def test_close_in_the_middle_ends_it(open_sdk: OpenSdk) -> None:
    sdk = open_sdk()

    def readings() -> Iterator[VoltageFlow]:
        yield VoltageFlow(voltage=1)
        sdk.close(0)
        yield VoltageFlow(voltage=2)
        raise AssertionError("nobody takes this")

    with pytest.raises(SdkClosedError):
        sdk.track_many(readings())
    assert sdk.stats.tracked == 1


def test_closed_sdk_takes_none(open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.close()
    with pytest.raises(SdkClosedError, match=r"track_many\(\) after close"):
        sdk.track_many([VoltageFlow(voltage=1)])
