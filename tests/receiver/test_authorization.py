"""A receiver that was started with a key answers nobody without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import runs_pb2 as runs

from .client import Client, status_of
from .conftest import Bench

KEY = "s3cret-key"


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY.upper()])
def test_every_call_is_refused_without_the_key(bench: Bench, key: str | None) -> None:
    with bench.serving(KEY) as client:
        client.ping()
        stranger = Client(client.channel, key)
        calls: list[Callable[[], object]] = [
            stranger.ping,
            stranger.create_config,
            stranger.list_configs,
            stranger.list_assets,
            stranger.list_runs,
            lambda: stranger.run("CreateRun", runs.CreateRunRequest(name="hop"), runs.CreateRunResponse),
            lambda: stranger.asset("Nope", assets.GetAssetRequest(), assets.GetAssetResponse),
            lambda: stranger.stream([]),
            lambda: stranger.stream([b""] * 100),
        ]
        for call in calls:
            code, reason = status_of(call)
            assert code is grpc.StatusCode.UNAUTHENTICATED
            assert KEY not in reason
        assert client.list_assets() == []


def test_a_call_with_two_keys_is_refused(bench: Bench) -> None:
    with bench.serving(KEY) as client:
        metadata = [("authorization", f"Bearer {KEY}"), ("authorization", "Bearer other")]
        method: Any = client.channel.unary_unary("/sift.ping.v1.PingService/Ping")
        assert status_of(lambda: method(b"", metadata=metadata))[0] is grpc.StatusCode.UNAUTHENTICATED


def test_the_key_is_not_stored(bench: Bench) -> None:
    with bench.serving(KEY) as client:
        client.create_config(client_key="k1")
    assert KEY.encode() not in bench.store.read_bytes()


def test_without_a_key_every_caller_is_let_in(client: Client) -> None:
    Client(client.channel, "anything").ping()
