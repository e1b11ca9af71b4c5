"""Requests that do not fit: recorded and passed over, or ending the stream when they ask for it."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import pytest

from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingest_pb2 as ingest

from .client import Client, Value, channel, flow, query, request, status_of
from .conftest import Bench

PAIR = flow("pair", channel("a", types.CHANNEL_DATA_TYPE_DOUBLE), channel("b", types.CHANNEL_DATA_TYPE_INT_32))
GOOD = [Value(double=1.0), Value(int32=2)]
Request = ingest.IngestWithConfigDataStreamRequest


def _with_seconds(message: Request, seconds: int) -> Request:
    message.timestamp.seconds = seconds
    return message


def _without_timestamp(message: Request) -> Request:
    message.ClearField("timestamp")
    return message


BAD: dict[str, tuple[Callable[[str], Request], str]] = {
    "unknown_config": (lambda _: request("nope", "pair", GOOD), "'nope' does not exist"),
    "unknown_flow": (lambda config: request(config, "Pair", GOOD), "has no flow 'Pair', but 'pair'"),
    "wrong_count": (lambda config: request(config, "pair", GOOD[:1]), "has 2 channels, the request has 1 values"),
    "wrong_type": (
        lambda config: request(config, "pair", [Value(double=1.0), Value(int64=2)]),
        "channel 'b' (number 2): expected 'int32' or `empty`, got 'int64'",
    ),
    "value_unset": (lambda config: request(config, "pair", [Value(), Value(int32=2)]), "channel 'a' (number 1)"),
    "timestamp_missing": (lambda config: _without_timestamp(request(config, "pair", GOOD)), "no timestamp"),
    "timestamp_out_of_range": (
        lambda config: _with_seconds(request(config, "pair", GOOD), 253_402_300_800),
        "253402300800 s is outside 0001-01-01 00:00:00.000000000 to 9999-12-31 23:59:59.999999999",
    ),
}


@pytest.fixture
def config_id(client: Client) -> str:
    return client.create_config([PAIR], client_key="k1").ingestion_config_id


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_request_is_recorded_and_the_stream_goes_on(
    bench: Bench, client: Client, config_id: str, reason: str
) -> None:
    make, expected = BAD[reason]
    bad = make(config_id)
    bad.run_id = "r1"
    client.stream([request(config_id, "pair", GOOD), bad, request(config_id, "pair", GOOD)])
    assert query(bench.store, "SELECT a, b FROM rover.pair") == [(1.0, 2)] * 2
    ((*place, message, raw, received),) = query(
        bench.store, "SELECT ingestion_config_id, flow, run_id, reason, message, request, received_ns FROM errors"
    )
    assert place == [bad.ingestion_config_id, bad.flow, "r1", reason]
    assert expected in str(message)
    assert raw == bad.SerializeToString()
    assert isinstance(received, int)
    assert received > 1_700_000_000_000_000_000


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_request_ends_the_stream_if_it_asks_to_and_what_came_before_is_kept(
    bench: Bench, client: Client, config_id: str, reason: str
) -> None:
    make, expected = BAD[reason]
    bad = make(config_id)
    bad.end_stream_on_validation_error = True
    requests = [request(config_id, "pair", GOOD), bad, request(config_id, "pair", GOOD)]
    code, details = status_of(lambda: client.stream(requests))
    unknown_config = reason == "unknown_config"
    assert code is (grpc.StatusCode.NOT_FOUND if unknown_config else grpc.StatusCode.INVALID_ARGUMENT)
    assert expected in details
    assert query(bench.store, "SELECT a, b FROM rover.pair") == [(1.0, 2)]
    assert query(bench.store, "SELECT reason FROM errors") == [(reason,)]


def test_undecodable_bytes_are_recorded(bench: Bench, client: Client, config_id: str) -> None:
    client.stream([request(config_id, "pair", GOOD), b"\xff\xff"])
    assert query(bench.store, "SELECT count(*) FROM rover.pair") == [(1,)]
    assert query(bench.store, "SELECT reason, request FROM errors") == [("undecodable", b"\xff\xff")]


def test_empty_values_are_null(bench: Bench, client: Client, config_id: str) -> None:
    empty = Value()
    empty.empty.SetInParent()
    client.stream([request(config_id, "pair", [empty, empty])])
    assert query(bench.store, "SELECT a, b, run_id FROM rover.pair") == [(None, None, None)]
    assert query(bench.store, "SELECT * FROM errors") == []


def test_a_stream_may_mix_configs_flows_runs_and_times(bench: Bench, client: Client, config_id: str) -> None:
    other = client.create_config([flow("single")], asset="lander").ingestion_config_id
    late, early = request(config_id, "pair", GOOD, run_id="r1"), request(config_id, "pair", GOOD, run_id="r2")
    early.timestamp.seconds -= 10
    client.stream([late, request(other, "single", [Value(double=3.0)]), early, late])
    assert query(bench.store, "SELECT run_id FROM rover.pair ORDER BY rowid") == [("r1",), ("r2",), ("r1",)]
    assert query(bench.store, "SELECT value FROM lander.single") == [(3.0,)]


def test_a_flow_added_later_takes_rows(bench: Bench, client: Client, config_id: str) -> None:
    client.create_flows(config_id, flow("late"))
    client.stream([request(config_id, "late", [Value(double=4.0)])])
    assert query(bench.store, "SELECT value FROM rover.late") == [(4.0,)]
