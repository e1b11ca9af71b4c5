"""The ledger: every flow is in exactly one place at every moment, also when the queue is full."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import grpc
import pytest

from sift_runtime import BatchLimits, Block, Sdk, SdkClosedError, SpoolFullError, Stats, WhenFull
from vehicle_telemetry import AnyFlow, LogsFlow, VoltageFlow

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

SMALL = 200_000
"""Bytes of a spool of three segments."""
SEGMENT = 64 * 1024
MORE_THAN_SMALL = 10_000

THREADS = 16
EACH = 500
MANY = 1_000


def balanced(stats: Stats) -> bool:
    known = stats.acknowledged + stats.rejected + stats.dropped + stats.damaged + stats.in_spool
    return stats.tracked + stats.adopted == known and stats.unaccounted == 0


def fill(sdk: Sdk[AnyFlow], server: ScriptedServer, messages: int) -> None:
    """Track voltages 0 to messages - 1 behind a first one that is on its way and held there."""
    stream = len(server.streams)
    server.script_ingest(Answer(held=True))
    track(sdk, -1)
    server.wait_for_read(1, stream)
    track(sdk, *range(messages))


def test_full_spool_drops_the_oldest_but_not_what_is_on_its_way(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(spool_bytes=SMALL)
    fill(sdk, server, MORE_THAN_SMALL)
    stats = sdk.stats
    assert 0 < stats.dropped_oldest == stats.dropped < MORE_THAN_SMALL
    assert balanced(stats)
    assert stats.flows["voltage"].dropped_oldest == stats.dropped
    assert stats.spool_bytes <= SMALL
    server.release()
    report = finish(sdk.flush)
    assert received(server) == [-1, *range(stats.dropped, MORE_THAN_SMALL)]
    assert (report.acknowledged_all, report.dropped, report.left) == (False, stats.dropped, 0)


def test_drops_are_counted_per_flow(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(spool_bytes=SMALL)
    fill(sdk, server, 3)
    sdk.track(LogsFlow(log="x" * 100))
    for _ in range(2):
        sdk.track(LogsFlow(log="x" * 1_000_000))  # larger than the spool: everything before it goes, it stays
    flows = sdk.stats.flows
    assert (flows["voltage"].dropped, flows["logs"].dropped) == (3, 2)
    server.release()
    finish(sdk.flush)
    assert server.acknowledged[-1].channel_values[0].string == "x" * 1_000_000
    assert balanced(sdk.stats)


def fill_until_refused(sdk: Sdk[AnyFlow]) -> tuple[int, str]:
    """Track far more than a small spool takes; returns which flow was refused first, and how."""
    for number in range(MORE_THAN_SMALL):
        try:
            sdk.track(VoltageFlow(voltage=number))
        except SpoolFullError as error:
            return number, str(error)
    return 0, ""


@pytest.mark.parametrize("when_full", ["drop_newest", "raise", Block(0.01)])
def test_full_spool_may_turn_the_newest_away(server: ScriptedServer, open_sdk: OpenSdk, when_full: WhenFull) -> None:
    sdk = open_sdk(spool_bytes=SMALL, when_full=when_full)
    fill(sdk, server, 0)
    turned_away, problem = fill_until_refused(sdk)
    stats = sdk.stats
    if when_full == "drop_newest":
        assert stats.tracked == MORE_THAN_SMALL + 1
        kept = MORE_THAN_SMALL - stats.dropped_newest
    else:
        assert "spool is full (200000 bytes)" in problem
        assert (stats.tracked, stats.dropped) == (turned_away + 1, 0)
        kept = turned_away
    assert 1_000 < kept < MORE_THAN_SMALL
    assert balanced(stats)
    server.release()
    finish(sdk.flush)
    assert received(server) == [-1, *range(kept)]
    sdk.track(VoltageFlow(voltage=-2))  # there is room again
    finish(sdk.flush)
    assert received(server)[-1] == -2


def test_blocked_track_goes_on_when_there_is_room(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(spool_bytes=SMALL, when_full=Block(DEADLINE))
    fill(sdk, server, 0)
    tracking = threading.Thread(target=track, args=(sdk, *range(MORE_THAN_SMALL)))
    tracking.start()
    wait_until(lambda: sdk.stats.spool_bytes + SEGMENT > SMALL)
    server.release()
    tracking.join(DEADLINE)
    assert finish(sdk.flush).acknowledged_all
    assert received(server) == [-1, *range(MORE_THAN_SMALL)]


def test_blocked_track_ends_with_the_sdk(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(spool_bytes=SMALL, when_full=Block(None))
    fill(sdk, server, 0)
    ended: list[type[BaseException]] = []

    def track_until_closed() -> None:
        try:
            track(sdk, *range(MORE_THAN_SMALL))
        except SdkClosedError as error:
            ended.append(type(error))

    tracking = threading.Thread(target=track_until_closed)
    tracking.start()
    wait_until(lambda: sdk.stats.spool_bytes + SEGMENT > SMALL)
    sdk.close(0)
    tracking.join(DEADLINE)
    assert ended == [SdkClosedError]


@pytest.fixture
def gates(server: ScriptedServer) -> Iterator[list[threading.Event]]:
    """Hold the answers to the first streams, each until its own event is set."""
    events = [threading.Event() for _ in range(3)]
    server.script_ingest(*[Answer(also=partial(event.wait, DEADLINE)) for event in events])
    yield events
    for event in events:
        event.set()


@pytest.mark.parametrize("taken_at_once", [1, 1000])
def test_each_burst_of_drops_is_one_warning(
    server: ScriptedServer,
    open_sdk: OpenSdk,
    caplog: pytest.LogCaptureFixture,
    gates: list[threading.Event],
    taken_at_once: int,
) -> None:
    sdk = open_sdk(spool_bytes=SMALL, limits=BatchLimits(messages=taken_at_once, interval=0.01))
    track(sdk, -1)
    server.wait_for_read(1)
    track(sdk, *range(MORE_THAN_SMALL))
    logged = [record.getMessage() for record in caplog.records]
    assert logged == ["the spool is full (200000 bytes): flows are being dropped"]
    gates[0].set()
    server.wait_for_read(1, stream=1)
    track(sdk, *range(MORE_THAN_SMALL))
    assert [record.getMessage() for record in caplog.records] == logged  # it was nearly full still
    for gate in gates[1:]:
        gate.set()
    finish(lambda: sdk.flush(DEADLINE))
    fill(sdk, server, MORE_THAN_SMALL)
    assert [record.getMessage() for record in caplog.records] == 2 * logged


def test_ledger_balances_at_every_moment(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    faults = [Answer(grpc.StatusCode.UNAVAILABLE), Answer(), Answer(grpc.StatusCode.INVALID_ARGUMENT)]
    server.script_ingest(*faults * 5)
    sdk = open_sdk(limits=BatchLimits(messages=50, interval=0.001), spool_bytes=SMALL)
    ended = threading.Event()
    bad: list[Stats] = []

    def sample() -> int:
        samples = 0
        while not ended.is_set():
            stats = sdk.stats
            samples += 1
            if not balanced(stats):
                bad.append(stats)
        return samples

    with ThreadPoolExecutor(6) as pool:
        samplers = [pool.submit(sample) for _ in range(2)]
        writers = [pool.submit(track, sdk, *range(2_000)) for _ in range(4)]
        try:
            for writer in writers:
                writer.result(DEADLINE)
            sdk.flush(DEADLINE)
        finally:
            ended.set()
        assert all(sampler.result(DEADLINE) > 0 for sampler in samplers)
    assert bad == []
    stats = sdk.stats
    assert (stats.tracked, stats.in_spool) == (8_000, 0)
    assert stats.rejected > 0
    assert stats.acknowledged == len(server.acknowledged)


def test_encoded_bytes_are_those_on_the_wire(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.connect(DEADLINE)
    track(sdk, 1, 1_000, 1_000_000)
    assert finish(sdk.flush).acknowledged_all
    assert sdk.stats.encoded_bytes == sum(5 + len(message) for message in server.streams[0].messages)


def test_threads_lose_nothing_and_each_keeps_its_order(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(messages=100, interval=0.01))
    starts = threading.Barrier(THREADS)

    def fly(thread: int) -> None:
        starts.wait(DEADLINE)
        track(sdk, *range(thread * EACH, (thread + 1) * EACH))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(fly, range(THREADS)))
    assert sdk.flush().acknowledged_all
    got = received(server)
    assert sorted(got) == list(range(THREADS * EACH))
    for thread in range(THREADS):
        own = [number for number in got if number // EACH == thread]
        assert own == sorted(own)


def test_each_threads_flows_stay_in_their_order_when_the_config_changes(
    server: ScriptedServer, open_sdk: OpenSdk
) -> None:
    forgotten = Answer(grpc.StatusCode.NOT_FOUND, "no such config", also=server.configs.clear)  # the next has a new id
    server.script_ingest(*[forgotten, Answer()] * 100)
    sdk = open_sdk(limits=BatchLimits(interval=0.001))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda thread: track(sdk, *range(thread * MANY, (thread + 1) * MANY)), range(THREADS)))
    finally:
        sys.setswitchinterval(interval)
    assert finish(sdk.flush).acknowledged_all
    values = received(server)
    for thread in range(THREADS):
        own = range(thread * MANY, (thread + 1) * MANY)
        assert [value for value in values if value in own] == list(own)
