"""The official clients, unmodified, against the receiver: what they send is what lies in the store, value by value."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_receiver.summary import summarise_errors

from .conftest import Peers
from .scripts.rows import CHANNELS, ROWS, time_of

KEY = "peer-key"
CONFIG = Path(__file__).with_name("vehicle.yaml")
LABELS: dict[object, str] = {0: "Accelerating", 1: "Decelerating", 2**32 - 1: "Stopped"}


@contextmanager
def receiving(store: Path) -> Iterator[str]:
    with Receiver(ReceiverSettings(store=store, api_key=KEY)) as receiver:
        yield f"127.0.0.1:{receiver.port}"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "flight.duckdb"


def query(store: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with duckdb.connect(str(store), read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def table_of(store: Path, client_key: str, flow: str) -> str:
    ((schema, table),) = query(
        store,
        "SELECT schema_name, table_name FROM flows JOIN ingestion_configs USING (ingestion_config_id) "
        "WHERE client_key = ? AND flow = ?",
        client_key,
        flow,
    )
    return f'"{schema}"."{table}"'


def comparable(row: tuple[object, ...]) -> list[object]:
    """NaN is equal to itself here, and -0.0 differs from 0.0."""
    return [struct.pack("<d", value) if isinstance(value, float) else (type(value), value) for value in row]


def bits(raw: object, index: int, count: int) -> object:
    return None if raw is None else int.from_bytes(bytes(raw), "little") >> index & ((1 << count) - 1)  # type: ignore[call-overload]


def expected_row(number: int) -> tuple[object, ...]:
    row = dict(zip((name for name, _ in CHANNELS), ROWS[number], strict=True))
    gpio = row["gpio"]
    elements = tuple(bits(gpio, index, count) for index, count in ((0, 1), (1, 4), (7, 3)))
    return (time_of(number), *row.values(), LABELS.get(row["vehicle_state"]), *elements)


def stored_rows(store: Path, table: str, run_id: str | None) -> list[list[object]]:
    names = [f'"{name}.key"' if data_type == "enum" else f'"{name}"' for name, data_type in CHANNELS]
    columns = ["timestamp_ns", *names, '"vehicle_state"', '"gpio.12v"', '"gpio.led"', '"gpio.heater"']
    selected = f"SELECT {', '.join(columns)} FROM {table} WHERE run_id IS NOT DISTINCT FROM ? ORDER BY rowid"
    return [comparable(row) for row in query(store, selected, run_id)]


def expected_rows(times: int) -> list[list[object]]:
    return [comparable(expected_row(number)) for number in range(len(ROWS))] * times


def test_what_sift_py_sends_lies_in_the_store(peers: Peers, store: Path) -> None:
    with receiving(store) as address:
        flown = peers.fly("fly_sift_py.py", address, KEY, str(CONFIG))
    assert flown["run_id"] == flown["run_id_again"]
    table = table_of(store, "peer-rover-v1", "readings")
    assert table == '"PeerRover"."readings"'
    assert stored_rows(store, table, None) == expected_rows(1)
    assert stored_rows(store, table, flown["run_id"]) == expected_rows(5)
    late = query(store, f"SELECT x, run_id FROM {table_of(store, 'peer-rover-v1', 'late')}")
    assert late == [(1.5, flown["run_id"])]
    assert query(store, "SELECT count(*) FROM ingestion_configs") == [(1,)]
    assert query(store, "SELECT run_id, name FROM runs") == [(flown["run_id"], "peer run")]
    (error,) = summarise_errors(store)
    assert (error.reason, error.requests) == ("wrong_type", 1)


def test_what_the_bindings_send_lies_in_the_store_also_after_a_restart(peers: Peers, store: Path) -> None:
    runs = []
    for flight in ("1", "2"):
        with receiving(store) as address:
            runs.append(peers.fly("fly_bindings.py", address, KEY, flight)["run_id"])
    assert runs[0] == runs[1]
    table = table_of(store, "peer-bindings-v1", "readings")
    assert stored_rows(store, table, None) == expected_rows(2)
    assert stored_rows(store, table, runs[0]) == expected_rows(2)
    assert query(store, f"SELECT x FROM {table_of(store, 'peer-bindings-v1', 'late')}") == [(1.5,), (1.5,)]
    assert query(store, "SELECT name, description FROM runs") == [("bindings run", "flight 2")]
    assert query(store, "SELECT name FROM assets ORDER BY name") == [("PeerRover",), ("sift_app",)]
    assert summarise_errors(store) == []


def test_the_metrics_of_the_bindings_are_taken_too(peers: Peers, store: Path) -> None:
    with receiving(store) as address:
        peers.fly("fly_bindings.py", address, KEY, "1")
    ((metrics,),) = query(store, "SELECT table_name FROM flows WHERE flow = 'sift-stream-metrics-flow'")
    sent = '"stream.PeerRover.peer-bindings-v1.messages_received"'
    ((rows, received),) = query(store, f'SELECT count(*), max({sent}) FROM sift_app."{metrics}"')
    assert isinstance(rows, int)
    assert rows >= 1
    assert received is not None


def test_both_clients_lie_side_by_side(peers: Peers, store: Path) -> None:
    with receiving(store) as address:
        peers.fly("fly_sift_py.py", address, KEY, str(CONFIG))
        peers.fly("fly_bindings.py", address, KEY, "1")
    tables = [table_of(store, key, "readings") for key in ("peer-rover-v1", "peer-bindings-v1")]
    assert len(set(tables)) == 2
    first, second = (stored_rows(store, table, None) for table in tables)
    assert first == second == expected_rows(1)
