"""When a stream is acknowledged, how many may be open, and what the connection bears."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from .client import DEADLINE, INGEST_PATH, Client, Value, flow, query, request, status_of
from .conftest import Bench


def test_empty_streams_are_acknowledged(client: Client) -> None:
    for _ in range(20):
        client.stream([])


def _one_row_then_wait(config_id: str, half_close: threading.Event) -> Iterator[bytes]:
    yield request(config_id, "f", [Value(double=1.0)]).SerializeToString()
    half_close.wait(DEADLINE)


def _wait_for_one_row(bench: Bench, client: Client) -> None:
    """An open stream is stored as it goes, so its row appears while it is not acknowledged."""
    deadline = time.monotonic() + DEADLINE
    while query(bench.store, "SELECT count(*) FROM rover.f") != [(1,)]:
        assert time.monotonic() < deadline
        client.ping()


def test_a_stream_is_not_acknowledged_before_its_half_close(bench: Bench, client: Client) -> None:
    config_id = client.create_config([flow("f")]).ingestion_config_id
    half_close = threading.Event()
    answer = client.open_stream(_one_row_then_wait(config_id, half_close))
    _wait_for_one_row(bench, client)
    assert not answer.done()
    half_close.set()
    assert answer.result() == b""


def test_rows_of_a_cancelled_stream_are_kept(bench: Bench, client: Client) -> None:
    config_id = client.create_config([flow("f")]).ingestion_config_id
    half_close = threading.Event()
    answer = client.open_stream(_one_row_then_wait(config_id, half_close))
    _wait_for_one_row(bench, client)
    answer.cancel()
    half_close.set()
    client.stream([request(config_id, "f", [Value(double=2.0)])])
    assert query(bench.store, "SELECT value FROM rover.f ORDER BY value") == [(1.0,), (2.0,)]


def test_many_streams_are_open_at_once_and_unary_calls_go_on(bench: Bench) -> None:
    count = 150
    all_open = threading.Barrier(count + 1)
    release = threading.Event()

    def requests(config_id: str, number: int) -> Iterator[bytes]:
        yield request(config_id, "f", [Value(double=float(number))]).SerializeToString()
        all_open.wait(DEADLINE)
        release.wait(DEADLINE)

    with bench.serving() as client, ThreadPoolExecutor(count) as pool:
        config_id = client.create_config([flow("f")]).ingestion_config_id
        streams = [pool.submit(client.stream, requests(config_id, number)) for number in range(count)]
        all_open.wait(DEADLINE)
        client.ping()
        client.create_config([flow("f")], asset="lander")
        assert not any(stream.done() for stream in streams)
        release.set()
        for stream in streams:
            stream.result(DEADLINE)
    assert query(bench.store, "SELECT count(DISTINCT value) FROM rover.f") == [(count,)]


def test_streams_beyond_the_limit_are_refused_and_unary_calls_go_on(bench: Bench) -> None:
    with bench.serving(open_streams=1) as client:
        config_id = client.create_config([flow("f")]).ingestion_config_id
        half_close = threading.Event()
        held = client.open_stream(_one_row_then_wait(config_id, half_close))
        _wait_for_one_row(bench, client)
        code, reason = status_of(lambda: client.stream([]))
        assert (code, "1 ingestion streams are open" in reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, True)
        client.ping()
        half_close.set()
        assert held.result() == b""


def test_compressed_and_large_requests_are_accepted(bench: Bench, client: Client) -> None:
    config_id = client.create_config([flow("f")]).ingestion_config_id
    raw = request(config_id, "f", [Value(double=1.0)], run_id="r" * 4_000_000).SerializeToString()
    method: Any = client.channel.stream_unary(INGEST_PATH)
    method(iter([raw]), timeout=DEADLINE, compression=grpc.Compression.Gzip)
    method(iter([raw]), timeout=DEADLINE)
    assert query(bench.store, "SELECT length(run_id) FROM rover.f") == [(4_000_000,)] * 2


def test_requests_beyond_four_mebibytes_are_refused_as_sift_does(client: Client) -> None:
    config_id = client.create_config([flow("f")]).ingestion_config_id
    raw = request(config_id, "f", [Value(double=1.0)], run_id="r" * (4 << 20)).SerializeToString()
    method: Any = client.channel.stream_unary(INGEST_PATH)
    code, reason = status_of(lambda: method(iter([raw]), timeout=DEADLINE))
    assert (code, "larger than max" in reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, True)


def _frame(kind: int, flags: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + bytes(4) + payload


def _frames(connection: socket.socket) -> Iterator[tuple[int, int, bytes]]:
    with connection.makefile("rb") as stream:
        while len(header := stream.read(9)) == 9:
            yield header[3], header[4], stream.read(int.from_bytes(header[:3], "big"))


@pytest.mark.parametrize("pings", [100])
def test_keepalive_pings_without_calls_are_never_taken_for_abuse(bench: Bench, pings: int) -> None:
    settings, ping, goaway, acknowledged = 4, 6, 7, 1
    with bench.serving(), socket.create_connection(("127.0.0.1", bench.port), timeout=DEADLINE) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(settings, 0, b""))
        answered = 0
        for number in range(pings):
            connection.sendall(_frame(ping, 0, number.to_bytes(8, "big")))
        for kind, flags, payload in _frames(connection):
            assert kind != goaway, payload
            answered += kind == ping and flags & acknowledged
            if answered == pings:
                break
        assert answered == pings
