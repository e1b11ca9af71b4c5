"""The typed summary of a store."""

from __future__ import annotations

import pytest

from sift_receiver import StoreError
from sift_receiver.summary import ErrorSummary, summarise, summarise_errors
from sift_runtime.messages import channel_types_pb2 as types

from .client import Value, channel, flow, request
from .conftest import Bench

SIGNED = [
    types.ChannelEnumType(name="MINUS_ONE", key=2**32 - 1, is_signed=True),
    types.ChannelEnumType(name="ONE", key=1, is_signed=True),
]


def test_flows_are_summarised_with_ranges_last_values_and_labels(bench: Bench) -> None:
    mode = channel("mode", types.CHANNEL_DATA_TYPE_ENUM, enum_types=SIGNED)
    with bench.serving() as client:
        config = client.create_config(
            [flow("f", channel("x", types.CHANNEL_DATA_TYPE_INT_32), mode), flow("none")], "k1"
        )
        rows = [(3, 1), (-7, 2**32 - 1), (5, 2**32 - 2)]
        requests = [request(config.ingestion_config_id, "f", [Value(int32=x), Value(enum=key)]) for x, key in rows]
        for number, message in enumerate(requests):
            message.timestamp.seconds = 100 - number
        client.stream(requests)
    first, second = summarise(bench.store)
    assert (first.asset, first.flow, first.ingestion_config_id, first.client_key, first.table, first.rows) == (
        "rover",
        "f",
        config.ingestion_config_id,
        "k1",
        '"rover"."f"',
        3,
    )
    assert (first.first_timestamp, first.last_timestamp) == (98_123_456_789, 100_123_456_789)
    x, decoded = first.channels
    assert (x.name, x.data_type, x.values, x.minimum, x.maximum, x.last) == ("x", "int32", 3, -7, 5, 3)
    assert (decoded.data_type, decoded.minimum, decoded.last) == ("enum", None, "ONE")
    assert decoded.labels == ("ONE", "-2", "MINUS_ONE")
    assert (second.flow, second.rows, second.first_timestamp, second.channels[0].last) == ("none", 0, None, None)


def test_a_table_that_shares_its_name_with_the_file_can_be_queried(bench: Bench) -> None:
    with bench.serving() as client:
        client.create_config([flow("f")], asset="FLIGHT")
    (summary,) = summarise(bench.store)
    assert summary.asset == "FLIGHT"


def test_refused_requests_are_counted_by_reason(bench: Bench) -> None:
    with bench.serving() as client:
        client.stream([request("nope", "f", []), request("nope", "g", []), b"\xff"])
    undecodable, unknown = summarise_errors(bench.store)
    assert undecodable.reason == "undecodable"
    assert unknown == ErrorSummary("unknown_config", 2, "ingestion config 'nope' does not exist: create it first")


def test_a_missing_store_is_an_error(bench: Bench) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        summarise(bench.store)
    assert not bench.store.exists()
