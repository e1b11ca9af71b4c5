"""The runtime against the receiver: what was tracked is in the store, once, value by value."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, Gpio, LogsFlow, ReadingsFlow, VehicleState

from .waiting import DEADLINE, wait_until

THREADS, EACH = 16, 100
SMALL = BatchLimits(messages=100, interval=0.01)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "flight.duckdb"


def query(store: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(store), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def fly(sdk: Sdk[AnyFlow], thread: int) -> None:
    gpio = Gpio(_12v=1, charge=2, led=3, heater=0)
    for number in range(thread * EACH, (thread + 1) * EACH):
        sdk.track(LogsFlow(log=f"log {number}"), number)
        state = VehicleState.Accelerating
        sdk.track(ReadingsFlow(mainmotor_velocity=number / 8, voltage=number, vehicle_state=state, gpio=gpio), number)


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_sixteen_threads_lose_nothing(store: Path, transport: Any, compression: Any) -> None:
    with Receiver(ReceiverSettings(store=store, api_key="key")) as receiver:
        settings = {"uri": receiver.uri, "transport": transport, "compression": compression}
        with Sdk(TELEMETRY, api_key="key", limits=SMALL, run_id="run 7", **settings) as sdk:
            with ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(lambda thread: fly(sdk, thread), range(THREADS)))
            report = sdk.flush(DEADLINE)
        assert report.acknowledged_all
        assert report.acknowledged == 2 * THREADS * EACH
    numbers = range(THREADS * EACH)
    logs = query(store, 'select "timestamp_ns", "log" from "NostromoLV426"."logs" order by "timestamp_ns"')
    assert logs == [(number, f"log {number}") for number in numbers]
    columns = '"timestamp_ns", "mainmotor.velocity", "voltage", "vehicle_state", "gpio.led", run_id'
    readings = query(store, f'select {columns} from "NostromoLV426"."readings" order by "timestamp_ns"')
    assert readings == [(number, number / 8, number, "Accelerating", 3, "run 7") for number in numbers]
    assert query(store, "select count(*) from errors") == [(0,)]


def test_flight_goes_on_after_the_receiver_was_restarted(store: Path, transport: Any) -> None:
    with Receiver(ReceiverSettings(store=store)) as receiver:
        port = receiver.port
        sdk = Sdk(TELEMETRY, uri=receiver.uri, api_key="key", limits=SMALL, transport=transport)
        sdk.track(LogsFlow(log="before"), 1)
        assert sdk.flush(DEADLINE).acknowledged_all
    with sdk:
        sdk.track(LogsFlow(log="between"), 2)
        wait_until(lambda: sdk.stats.retries)
        with Receiver(ReceiverSettings(store=store, port=port)):
            assert sdk.flush(DEADLINE).acknowledged_all
    assert query(store, 'select "log" from "NostromoLV426"."logs" order by "timestamp_ns"') == [
        ("before",),
        ("between",),
    ]
