"""What each kind of failure makes the sender do: how long it waits, what it holds, and how it goes on."""

from __future__ import annotations

import base64
import logging
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import any_pb2, duration_pb2
from hypothesis import given
from hypothesis import strategies as st

from sift_runtime import BatchLimits, RequestError, SettingsError, StateChange
from sift_runtime._delivery import shipping
from sift_runtime._delivery.window import Window
from sift_runtime._retry_info import retry_after, retry_after_text
from sift_runtime.messages import status_pb2

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

NEVER = 3_600.0


def details(seconds: float) -> bytes:
    info = status_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=int(seconds), nanos=int(seconds % 1 * 1e9)))
    detail = any_pb2.Any(type_url="type.googleapis.com/google.rpc.RetryInfo", value=info.SerializeToString())
    return status_pb2.Status(code=8, message="slow down", details=[detail]).SerializeToString()


@given(st.floats(0.001, 1e6))
def test_retry_info_is_read_as_it_is_on_the_wire(seconds: float) -> None:
    unpadded = base64.b64encode(details(seconds)).decode().rstrip("=")
    assert retry_after_text(unpadded) == pytest.approx(seconds, abs=1e-6)


@given(st.binary(max_size=60), st.text(max_size=60))
def test_anything_else_in_its_place_is_no_retry_info(content: bytes, text: str) -> None:
    for seconds in (retry_after(content), retry_after_text(text)):
        assert seconds is None or seconds > 0


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Keep how long the sender means to wait, and do not wait."""
    asked: list[float] = []

    async def pause(attention: Any, seconds: float) -> None:
        asked.append(seconds)
        attention.require_going()

    monkeypatch.setattr("sift_runtime._delivery.attention.Attention.pause", pause)
    monkeypatch.setattr(random, "uniform", lambda _, longest: longest)
    return asked


def test_server_that_asks_for_time_gets_it(server: ScriptedServer, open_sdk: OpenSdk, pauses: list[float]) -> None:
    busy = grpc.StatusCode.RESOURCE_EXHAUSTED
    server.script_ingest(
        Answer(busy, "slow down", retry_info=details(7.25)),
        Answer(busy, "slow down"),
        Answer(grpc.StatusCode.UNAVAILABLE, "moving", retry_info=details(3)),
        Answer(busy, "slow down", retry_info=details(1e6)),
    )
    sdk = open_sdk()
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert pauses == [7.25, 1.0, 3.0, 300.0]


def test_pauses_grow_and_begin_anew_after_an_acknowledgement(
    server: ScriptedServer, open_sdk: OpenSdk, pauses: list[float]
) -> None:
    away = Answer(grpc.StatusCode.UNAVAILABLE, "away")
    server.script_ingest(*[away] * 10, Answer(), away)
    sdk = open_sdk()
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    track(sdk, 2)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert pauses == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 15, 15, 0.1])


def test_batches_shrink_while_the_server_has_no_room(
    server: ScriptedServer, open_sdk: OpenSdk, pauses: list[float]
) -> None:
    server.script_ingest(*[Answer(grpc.StatusCode.RESOURCE_EXHAUSTED, "no room")] * 3)
    sdk = open_sdk(limits=BatchLimits(messages=800, interval=NEVER))
    sdk.connect(DEADLINE)
    track(sdk, *range(800))
    assert sdk.flush(DEADLINE).acknowledged_all
    sizes = [len(stream.messages) for stream in server.streams]
    assert sizes[:5] == [800, 400, 200, 100, 150]
    assert received(server) == list(range(800))
    assert len(pauses) == 3


@given(st.lists(st.booleans(), max_size=200))
def test_window_stays_within_its_limits(successes: list[bool]) -> None:
    widest = BatchLimits(messages=1_000, bytes=100_000)
    window = Window(widest)
    for success in successes:
        (window.widen if success else window.narrow)()
        assert 16 <= window.limits.messages <= 1_000
        assert 16_384 <= window.limits.bytes <= 100_000
    for _ in range(16):
        window.widen()
    assert window.limits is widest


def test_message_that_is_too_large_stands_alone(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.refuses = lambda request: request.channel_values[0].int32 == 3
    server.verdict = grpc.StatusCode.RESOURCE_EXHAUSTED
    server.verdict_words = "Received message larger than max (9 vs. 8)"
    sdk = open_sdk()
    track(sdk, 1, 2, 3, 4)
    report = finish(lambda: sdk.flush(DEADLINE))
    assert (report.acknowledged, report.rejected) == (3, 1)
    assert received(server) == [1, 2, 4]


def test_new_key_sends_at_once_what_the_old_one_held(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.key = "new key"
    sdk = open_sdk(api_key="old key")
    track(sdk, 1)
    wait_until(lambda: sdk.stats.state == "held")
    sdk.update_credentials("new key")
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all  # the pause would have been half a minute
    assert sdk.stats.state == "live"
    with pytest.raises(SettingsError, match="api_key"):
        sdk.update_credentials("")


def test_connect_waits_for_what_is_said_to_the_new_key(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.key = "new key"
    sdk = open_sdk(api_key="old key")
    with pytest.raises(RequestError, match="UNAUTHENTICATED"):
        sdk.connect(DEADLINE)
    sdk.update_credentials("another old key")
    with pytest.raises(RequestError, match="UNAUTHENTICATED"):
        sdk.connect(DEADLINE)
    assert server.calls.count("ListIngestionConfigs") == 2
    sdk.update_credentials("new key")
    sdk.connect(DEADLINE)
    assert server.calls.count("ListIngestionConfigs") == 3


def test_new_key_takes_the_place_of_one_that_still_works(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    server.key = "new key"
    sdk.update_credentials("new key")
    track(sdk, 2)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sdk.stats.retries == 0


def test_changes_of_state_are_told_and_logged_once(
    server: ScriptedServer, open_sdk: OpenSdk, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sift_runtime")
    server.script_ingest(
        *[Answer(grpc.StatusCode.UNAVAILABLE, "away")] * 3, *[Answer(grpc.StatusCode.PERMISSION_DENIED, "not you")] * 3
    )
    changes: list[StateChange] = []
    sdk = open_sdk(on_state=changes.append)
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    finish(sdk.close)
    wait_until(lambda: changes[-1].state == "closed")
    assert [change.state for change in changes] == ["live", "backing off", "held", "live", "closed"]
    assert [change.previous for change in changes] == ["registering", "live", "backing off", "held", "live"]
    assert "not you" in str(changes[2].error)
    assert len(caplog.records) == 5
    assert len(pauses) == 6


def test_listener_can_neither_block_nor_kill_the_sender(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    def listen(change: StateChange) -> None:
        if change.state == "live":
            server.wait_for_release()
        raise SystemExit(1)

    sdk = open_sdk(on_state=listen)
    for number in range(3):
        track(sdk, number)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert finish(sdk.close).acknowledged_all


def test_sender_that_fails_is_started_anew_and_counted(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[BaseException] = [KeyError("ours"), MemoryError(), SystemExit(3)]
    completed = shipping._completed

    def fail(*arguments: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return completed(*arguments)

    monkeypatch.setattr(shipping, "_completed", fail)
    sdk = open_sdk()
    track(sdk, 1, 2)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert received(server) == [1, 2]
    assert sdk.stats.sender_restarts == 3
    assert [record.levelno for record in caplog.records].count(logging.CRITICAL) == 3


def test_handler_of_logs_that_raises_stops_no_sender(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError(f"no room for {record.getMessage()}")

    log = logging.getLogger("sift_runtime")
    monkeypatch.setattr(log, "handlers", [Broken()])
    server.script_ingest(Answer(grpc.StatusCode.UNAVAILABLE, "not now"))
    sdk = open_sdk()
    track(sdk, 1, 2)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert received(server) == [1, 2]
    assert sdk.stats.sender_restarts > 0
    log.handlers.clear()


def test_no_call_but_flush_waits_while_the_server_hangs(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script_ingest(Answer(held=True))
    sdk = open_sdk()
    track(sdk, 1)
    server.wait_for_call("IngestWithConfigDataStream")
    calls = [
        lambda: track(sdk, 2),
        lambda: sdk.stats,
        lambda: sdk.attach_run("Hop 7"),
        sdk.detach_run,
        lambda: sdk.last_request_error,
        lambda: repr(sdk),
        lambda: sdk.flush(0),
    ]
    with ThreadPoolExecutor(len(calls)) as pool:
        for call in [pool.submit(call) for call in calls]:
            call.result(DEADLINE)
    assert server.calls.count("IngestWithConfigDataStream") == 1
    assert finish(lambda: sdk.close(0)).left == 2


@pytest.mark.parametrize("words", ["the rate exceeds the limit of 20 a second", "too large a load, slow down"])
def test_rate_limit_is_no_message_that_is_too_large(server: ScriptedServer, open_sdk: OpenSdk, words: str) -> None:
    server.script_ingest(*[Answer(grpc.StatusCode.RESOURCE_EXHAUSTED, words)] * 2)
    sdk = open_sdk()
    track(sdk, 1, 2)
    report = finish(lambda: sdk.flush(DEADLINE))
    assert (report.acknowledged, report.rejected) == (2, 0)


def test_key_that_a_server_repeats_is_kept_out_of_its_words(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.key = "top-secret"
    server.script_ingest(*[Answer(grpc.StatusCode.INVALID_ARGUMENT, "refused: Bearer top-secret")] * 9)
    server.script("ListIngestionConfigs", Answer(grpc.StatusCode.UNAVAILABLE, "not for Bearer top-secret"))
    sdk = open_sdk(api_key="top-secret", spool=tmp_path)
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).rejected == 1
    assert "top-secret" not in repr(sdk.last_request_error) + caplog.text
    sdk.close(0)  # nothing changes any more
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"top-secret" in path.read_bytes()] == []
    assert "refused: Bearer" in caplog.text
