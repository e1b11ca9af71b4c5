"""What was acknowledged is there after a restart and after kill -9."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from sift_receiver import Receiver, ReceiverSettings, StoreError
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingest_pb2 as ingest

from .client import Client, Value, channel, flow, query, request, status_of
from .conftest import Bench
from .process import running

COUNTED = flow("f", channel("number", types.CHANNEL_DATA_TYPE_UINT_64))
ROWS_PER_STREAM = 50


def numbered(config_id: str, numbers: range) -> list[ingest.IngestWithConfigDataStreamRequest]:
    return [request(config_id, "f", [Value(uint64=number)]) for number in numbers]


def test_a_store_is_continued_after_a_restart(bench: Bench) -> None:
    for start in range(3):
        with bench.serving() as client:
            if start == 0:
                client.create_config([COUNTED], client_key="k1")
            assert status_of(lambda: client.create_config(client_key="k1"))[0] is grpc.StatusCode.ALREADY_EXISTS
            (config,) = client.list_configs("client_key == 'k1'").ingestion_configs
            client.stream(numbered(config.ingestion_config_id, range(start * 10, start * 10 + 10)))
            client.create_config([COUNTED])
    assert query(bench.store, "SELECT number FROM rover.f ORDER BY rowid") == [(number,) for number in range(30)]
    assert query(bench.store, "SELECT count(DISTINCT table_name) FROM flows") == [(4,)]


def test_everything_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    store = tmp_path / "flight.duckdb"
    acknowledged = 0
    for life in range(3):
        with running(store) as receiver, receiver.client() as client:
            acknowledged = _stream_until_killed(client, receiver.kill, life)
    with Bench(store).serving() as client:
        assert len(client.list_configs().ingestion_configs) == 3
        client.ping()
    for life in range(3):
        table = query(store, f"SELECT schema_name FROM assets WHERE name = 'life {life}'")[0][0]
        found = [number for (number,) in query(store, f'SELECT number FROM "{table}".f')]
        assert set(range(acknowledged)) <= set(found)


def _stream_until_killed(client: Client, kill: object, life: int) -> int:
    """Stream batches one after the other, kill in the middle of one; returns how many numbers were acknowledged."""
    config_id = client.create_config([COUNTED], client_key=f"k{life}", asset=f"life {life}").ingestion_config_id
    acknowledged = 0
    for _ in range(20):
        client.stream(numbered(config_id, range(acknowledged, acknowledged + ROWS_PER_STREAM)))
        acknowledged += ROWS_PER_STREAM
    flowing, killed = threading.Event(), threading.Event()

    def endless() -> Iterator[bytes]:
        for number, message in enumerate(numbered(config_id, range(acknowledged, acknowledged + 100_000))):
            yield message.SerializeToString()
            if number == 500:
                flowing.set()
            if killed.is_set():
                return

    answer = client.open_stream(endless())
    assert flowing.wait(30)
    assert callable(kill)
    kill()
    killed.set()
    assert answer.code() is not grpc.StatusCode.OK
    return acknowledged


def test_a_store_belongs_to_one_receiver(bench: Bench) -> None:
    with running(bench.store) as receiver:
        other = Receiver(ReceiverSettings(store=bench.store))
        with pytest.raises(StoreError, match=r"flight\.duckdb cannot be opened"):
            other.start()
        with receiver.client() as client:
            client.ping()


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = tmp_path / "notes.txt"
    store.write_text("not a database")
    with pytest.raises(StoreError, match=r"notes.txt cannot be opened"):
        Receiver(ReceiverSettings(store=store)).start()
    assert store.read_text() == "not a database"
    foreign = tmp_path / "foreign.duckdb"
    query(foreign, "CREATE TABLE t AS SELECT 1 AS a")
    with pytest.raises(StoreError, match="no store of this receiver"):
        Receiver(ReceiverSettings(store=foreign)).start()
    assert query(foreign, "FROM t") == [(1,)]


def test_the_store_is_readable_by_its_owner_alone(bench: Bench) -> None:
    with bench.serving() as client:
        client.create_config([COUNTED])
    assert bench.store.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in bench.store.parent.iterdir()] == [bench.store.name]
