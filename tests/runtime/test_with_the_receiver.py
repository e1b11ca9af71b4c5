"""The runtime against the receiver: what was tracked is in the store, once, value by value."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import BatchLimits, RegistrationError, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, Gpio, LogsFlow, ReadingsFlow, VehicleState

from .waiting import DEADLINE, wait_until

THREADS, EACH = 16, 100
PROCESSES = 16
SCRIPTS = Path(__file__).with_name("scripts")
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


def test_sixteen_processes_that_start_at_once_end_in_one_config(store: Path) -> None:
    with Receiver(ReceiverSettings(store=store)) as receiver, ExitStack() as stack:
        flights = [stack.enter_context(started(receiver.uri, number)) for number in range(PROCESSES)]
        assert [first_line(flight) for flight in flights] == ["ready\n"] * PROCESSES
        for flight in flights:
            assert flight.stdin is not None
            flight.stdin.write("go\n")
            flight.stdin.flush()
        assert [flight.wait(DEADLINE) for flight in flights] == [0] * PROCESSES
    assert query(store, "select client_key from ingestion_configs") == [(TELEMETRY.client_key,)]
    names = query(store, "select flow from flows order by flow")
    assert names == sorted((flow.schema().name,) for flow in TELEMETRY.flows)
    voltages = query(store, 'select "voltage" from "NostromoLV426"."voltage" order by 1')
    assert voltages == [(number,) for number in range(PROCESSES)]


def started(uri: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPTS / "starting.py"), uri, str(number)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    )


def first_line(flight: subprocess.Popen[str]) -> str:
    assert flight.stdout is not None
    return flight.stdout.readline()


def test_a_client_key_of_another_asset_is_refused(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Else the readings of one asset would stand under the other."""
    with Receiver(ReceiverSettings(store=store)) as receiver:
        with Sdk(TELEMETRY, uri=receiver.uri, api_key="key") as sdk:
            sdk.connect(DEADLINE)
        elsewhere = replace(TELEMETRY, asset_name="Sulaco")
        refused = Sdk(elsewhere, uri=receiver.uri, api_key="key")
        with pytest.raises(RegistrationError, match="asset 'Sulaco' in the package; 'NostromoLV426' on the server"):
            refused.connect(DEADLINE)
        refused.close(0)
        with Sdk(elsewhere, uri=receiver.uri, api_key="key", on_drift="warn") as sdk:
            sdk.connect(DEADLINE)
    assert "asset 'Sulaco' in the package" in caplog.records[-1].getMessage()
