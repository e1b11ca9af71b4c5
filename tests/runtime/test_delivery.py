"""Batches on their way: what is tried again, held, refused for good, and never sent twice without need."""

from __future__ import annotations

import logging
import threading
from math import log2

import grpc
import numpy as np
import pytest

from sift_runtime import BatchLimits, RequestError, Sdk
from vehicle_telemetry import AnyFlow, LogsFlow, VoltageColumns

from .conftest import OpenSdk
from .flows import received, track, voltages
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

NEVER = 3600.0
TRANSIENT = [
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DATA_LOSS,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.UNKNOWN,
]
VERDICTS = [
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.OUT_OF_RANGE,
]
NO_VERDICTS = [
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.UNIMPLEMENTED,
]


def test_order_is_kept_over_batches(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(messages=7, interval=NEVER))
    track(sdk, *range(100))
    assert sdk.flush().acknowledged_all
    assert received(server) == list(range(100))


def pause() -> None:
    """Let the sender fall asleep over a batch that is not full; what is asserted holds if it does not, too."""
    threading.Event().wait(0.02)


def wait_until_acknowledged(sdk: Sdk[AnyFlow], flows: int) -> None:
    wait_until(lambda: sdk.stats.acknowledged == flows)


def test_batch_goes_at_its_number_of_messages(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(messages=3, interval=NEVER))
    sdk.connect(DEADLINE)
    for first in (0, 3, 6):
        track(sdk, first)
        pause()
        track(sdk, first + 1, first + 2)
        wait_until_acknowledged(sdk, first + 3)
    track(sdk, 9)
    assert [voltages(stream.messages) for stream in server.streams] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert (sdk.stats.in_spool, sdk.stats.batches) == (1, 3)


def test_batch_goes_at_its_bytes(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(bytes=10_000, interval=NEVER))
    sdk.connect(DEADLINE)
    for batch in (1, 2):
        sdk.track(LogsFlow(log="x" * 6_000))
        pause()
        sdk.track(LogsFlow(log="x" * 6_000))
        wait_until_acknowledged(sdk, batch * 2)
    assert [len(stream.messages) for stream in server.streams] == [2, 2]


def test_batch_goes_when_its_oldest_flow_has_waited(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(interval=0.05))
    track(sdk, 1, 2, 3)
    server.wait_for(lambda: len(server.acknowledged) == 3)
    assert received(server) == [1, 2, 3]


@pytest.mark.parametrize("code", TRANSIENT, ids=str)
def test_what_passes_is_sent_again_with_the_same_bytes(
    server: ScriptedServer, open_sdk: OpenSdk, code: grpc.StatusCode
) -> None:
    server.script_ingest(Answer(code, "not now"), Answer(code, "not now"))
    sdk = open_sdk(limits=BatchLimits(interval=NEVER))
    track(sdk, *range(10))
    assert sdk.flush().acknowledged_all
    first, second, third = server.streams
    assert first.messages == second.messages == third.messages
    assert received(server) == list(range(10))
    assert (sdk.stats.retries, sdk.stats.batches) == (2, 1)


def test_each_outage_is_logged_once(
    server: ScriptedServer, open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture
) -> None:
    outage = [Answer(grpc.StatusCode.UNAVAILABLE)] * 3
    server.script("ListIngestionConfigs", *outage)
    server.script_ingest(*outage, Answer(), *outage)
    sdk = open_sdk()
    for number in (1, 2):
        track(sdk, number)
        assert sdk.flush().acknowledged_all
    logged = [record.getMessage().partition(" failed")[0] for record in caplog.records]
    assert logged == ["registration", "a batch of 1 flows", "a batch of 1 flows"]


def test_failure_in_the_middle_of_a_batch_beyond_grpcs_retry_buffer(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script_ingest(Answer(grpc.StatusCode.UNAVAILABLE, read=3))
    sdk = open_sdk(limits=BatchLimits(interval=NEVER))
    for number in range(10):
        sdk.track(LogsFlow(log=str(number) * 60_000))  # 600 kB together; gRPC itself would give up at 256 KiB
    assert sdk.flush().acknowledged_all
    assert [request.channel_values[0].string[0] for request in server.acknowledged] == list("0123456789")


def refuse(server: ScriptedServer, *numbers: int) -> None:
    server.refuses = lambda request: request.channel_values[0].int32 in numbers


@pytest.mark.parametrize("code", VERDICTS, ids=str)
def test_verdict_on_the_data_rejects_what_is_bad_and_nothing_else(
    server: ScriptedServer, open_sdk: OpenSdk, code: grpc.StatusCode, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(server, 2)
    server.verdict = code
    sdk = open_sdk(limits=BatchLimits(messages=4, interval=NEVER))
    track(sdk, 1, 2, 3, 4)
    report = sdk.flush()
    assert (report.acknowledged_all, report.acknowledged, report.rejected, report.left) == (False, 3, 1, 0)
    assert received(server) == [1, 3, 4]
    assert isinstance(sdk.last_request_error, RequestError)
    assert sdk.last_request_error.details == "channel 3 is a lie"
    sdk.close()  # what the sender logs comes after what it settles
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "refused 1 of 4 flows" in errors[0]
    assert "channel 3 is a lie" in errors[0]


@pytest.mark.parametrize("bad", [{0}, {999}, {500}, {0, 1, 2}, {3, 400, 401, 998}, set(range(100, 140))], ids=len)
def test_bad_records_are_found_among_many(server: ScriptedServer, open_sdk: OpenSdk, bad: set[int]) -> None:
    refuse(server, *bad)
    sdk = open_sdk(limits=BatchLimits(interval=NEVER))
    sdk.connect(DEADLINE)
    track(sdk, *range(1_000))
    report = finish(sdk.flush)
    assert (report.acknowledged, report.rejected) == (1_000 - len(bad), len(bad))
    assert sorted(received(server)) == sorted(set(range(1_000)) - bad)
    assert len(server.streams) <= len(bad) * (2 * log2(1_000) + 1)
    assert sdk.stats.unaccounted == 0


def test_bad_rows_of_columns_are_found(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    refuse(server, 7, 70, 700)
    sdk = open_sdk(limits=BatchLimits(interval=NEVER))
    rows = np.arange(1_000)
    sdk.track_columns(VoltageColumns(timestamp=rows, voltage=rows.astype(np.int32)))
    report = finish(sdk.flush)
    assert (report.acknowledged, report.rejected, report.left) == (997, 3, 0)
    assert sdk.stats.unaccounted == 0
    assert sdk.stats.flows["voltage"].rejected == 3


def test_schema_that_the_server_refuses_holds_everything(
    server: ScriptedServer, open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses = lambda _: True
    sdk = open_sdk(limits=BatchLimits(interval=NEVER))
    track(sdk, *range(1_000))
    report = sdk.flush(3.0)
    assert (report.acknowledged, report.rejected, report.left) == (0, 0, 1_000)
    assert "is it the schema?" in caplog.text
    assert len(server.streams) < 100


def test_schema_that_is_refused_is_held_though_each_message_comes_alone(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a few readings a second each batch is of one; what was refused first is in no way better than the rest."""
    monkeypatch.setattr("sift_runtime._delivery.shipping._HOLD_SECONDS", 0.05)
    server.refuses = lambda request: request.channel_values[0].int32 < 40
    sdk = open_sdk()
    for number in range(15):
        track(sdk, number)
        wait_until(lambda number=number: sdk.stats.rejected == number + 1)  # type: ignore[misc]
    track(sdk, *range(15, 30))
    wait_until(lambda: sdk.stats.state == "held")
    streams = len(server.streams)
    server.wait_for(lambda: len(server.streams) > streams + 5)
    assert (sdk.stats.rejected, sdk.stats.in_spool) == (15, 15)
    track(sdk, *range(30, 50))  # the last of which are accepted: it is the data, after all
    report = finish(lambda: sdk.flush(DEADLINE))
    assert (report.acknowledged, report.rejected, report.left) == (10, 40, 0)
    assert sorted(received(server)) == list(range(40, 50))


@pytest.mark.parametrize("code", NO_VERDICTS, ids=str)
def test_refusal_that_says_nothing_of_the_data_holds_it(
    server: ScriptedServer, open_sdk: OpenSdk, code: grpc.StatusCode
) -> None:
    server.script_ingest(Answer(code, "no"))
    sdk = open_sdk()
    track(sdk, 1, 2)
    wait_until(lambda: sdk.last_request_error)
    report = finish(lambda: sdk.close(0))
    assert (report.left, report.rejected, report.dropped) == (2, 0, 0)


def test_server_that_forgets_what_it_has_just_registered_is_not_hammered(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sift_runtime._delivery.shipping._HOLD_SECONDS", 0.01)  # a wait of half a minute otherwise
    server.script_ingest(*[Answer(grpc.StatusCode.NOT_FOUND, "what config?")] * 3)
    sdk = open_sdk()
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1]
    assert sdk.stats.retries == 2  # the first time it is told again at once


def test_silent_server_is_given_up_at_the_deadline(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script_ingest(Answer(held=True))
    sdk = open_sdk(request_timeout=0.5)
    track(sdk, 1, 2)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1, 2]
    assert sdk.stats.retries >= 1


def test_large_batch_is_given_the_time_that_a_thin_link_takes(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(request_timeout=30.0)
    sdk.track(LogsFlow(log="x" * 16_384 * 100))
    assert sdk.flush().acknowledged_all
    given = server.seconds_given["IngestWithConfigDataStream"]
    assert given is not None
    assert 100 < given < 131


def test_flush_returns_while_the_server_is_silent(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script_ingest(Answer(held=True))
    sdk = open_sdk(limits=BatchLimits(messages=2, interval=NEVER))
    track(sdk, 1, 2, 3)
    server.wait_for_read(2)
    report = finish(lambda: sdk.flush(0.05))
    assert (report.acknowledged_all, report.acknowledged, report.left) == (False, 0, 3)
    server.release()
    assert sdk.flush().acknowledged_all


def test_close_returns_while_the_server_is_silent(
    server: ScriptedServer, open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture
) -> None:
    server.script_ingest(Answer(held=True))
    sdk = open_sdk()
    track(sdk, 1, 2)
    server.wait_for_read(1)
    report = finish(lambda: sdk.close(0.05))
    assert (report.acknowledged_all, report.left) == (False, 2)
    assert "closed with 2 flows that were not sent" in caplog.text


@pytest.mark.parametrize("method", ["ListIngestionConfigs", "CreateIngestionConfig"])
def test_close_returns_while_registration_gets_no_answer(
    server: ScriptedServer, open_sdk: OpenSdk, method: str
) -> None:
    server.script(method, Answer(held=True))
    sdk = open_sdk()
    track(sdk, 1)
    server.wait_for_call(method)
    assert finish(lambda: sdk.close(0)).left == 1


def test_close_right_after_the_start_returns(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", *[Answer(held=True)] * 200)
    for _ in range(50):  # the sender may be anywhere in its first steps
        finish(lambda: open_sdk(request_timeout=10 * DEADLINE).close(0))


def test_user_agent_names_us(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    track(sdk, 1)
    sdk.flush()
    assert "sift-codegen/" in server.streams[0].user_agent
