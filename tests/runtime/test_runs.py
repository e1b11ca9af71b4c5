"""Runs: attached, detached and stopped at any time; every record goes under the run it was tracked for."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import grpc
import pytest

from sift_runtime import BatchLimits, SdkClosedError, SettingsError
from sift_runtime.messages import metadata_pb2 as metadata

from .conftest import OpenSdk
from .flows import track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

NOWHERE = "http://127.0.0.1:1"
STOP = "StopRun"


def runs_of(server: ScriptedServer) -> list[tuple[str, int]]:
    names = {run.run_id: run.name for run in server.runs}
    return [
        (names.get(request.run_id, request.run_id), request.channel_values[0].int32) for request in server.acknowledged
    ]


def test_runs_attached_offline_get_their_ids_when_the_server_is_there(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    track(sdk, 1)
    sdk.attach_run("Hop 7", description="the one that lands", tags=["hop"])
    track(sdk, 2)
    sdk.attach_run(run_id="run-of-old")
    track(sdk, 3)
    sdk.detach_run()
    track(sdk, 4)
    sdk.attach_run("Hop 8")
    track(sdk, 5)
    assert sdk.close(0).left == 5
    next_one = open_sdk(spool=tmp_path)
    track(next_one, 6)
    assert finish(lambda: next_one.flush(DEADLINE)).acknowledged_all
    assert runs_of(server) == [("", 1), ("Hop 7", 2), ("run-of-old", 3), ("", 4), ("Hop 8", 5), ("", 6)]
    assert [(run.name, run.description, list(run.tags)) for run in server.runs] == [
        ("Hop 7", "the one that lands", ["hop"]),
        ("Hop 8", "", []),
    ]


def test_run_is_there_before_anything_is_tracked(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.connect(DEADLINE)
    sdk.attach_run("Hop 7")
    server.wait_for(lambda: [run.name for run in server.runs] == ["Hop 7"])


def test_run_is_found_by_its_name_unless_a_new_one_is_asked_for(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    for force_new in (False, False, True):
        sdk = open_sdk()
        sdk.attach_run("Hop 7", force_new=force_new)
        track(sdk, 1)
        assert finish(lambda sdk=sdk: sdk.flush(DEADLINE)).acknowledged_all  # type: ignore[misc]
        sdk.close()
    assert [run.name for run in server.runs] == ["Hop 7", "Hop 7"]
    assert len({request.run_id for request in server.acknowledged}) == 2


def test_runs_are_created_in_the_order_they_were_attached_in(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk()
    for number in range(1, 5):
        sdk.attach_run("Hop", force_new=True)
        track(sdk, number)
    server.release()
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert [request.run_id for request in server.acknowledged] == [f"run-{number}" for number in range(1, 5)]


def test_run_is_created_once_though_the_answer_is_lost(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("CreateRun", Answer(grpc.StatusCode.UNAVAILABLE, "the answer is lost", done=True))
    sdk = open_sdk()
    sdk.attach_run("Hop 7", force_new=True)
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert runs_of(server) == [("Hop 7", 1)]
    assert len(server.runs) == 1


def test_metadata_is_typed(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.attach_run("Hop 7", metadata={"pilot": "Ripley", "mass": 12.5, "crew": 7, "manned": True})
    server.wait_for(lambda: server.runs)
    values = {each.key.name: (each.key.type, each.WhichOneof("value")) for each in server.runs[0].metadata}
    assert values == {
        "pilot": (metadata.METADATA_KEY_TYPE_STRING, "string_value"),
        "mass": (metadata.METADATA_KEY_TYPE_NUMBER, "number_value"),
        "crew": (metadata.METADATA_KEY_TYPE_NUMBER, "number_value"),
        "manned": (metadata.METADATA_KEY_TYPE_BOOLEAN, "boolean_value"),
    }
    assert [each.number_value for each in server.runs[0].metadata] == [0, 12.5, 7, 0]


def test_run_by_client_key_is_one_run_whatever_it_is_called(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    for name in ("Hop 7", "Hop 7 again", ""):
        with open_sdk() as sdk:
            sdk.attach_run(name, client_key="hop-7")
            track(sdk, 1)
            assert finish(lambda sdk=sdk: sdk.flush(DEADLINE)).acknowledged_all  # type: ignore[misc]
    assert [(run.name, run.client_key) for run in server.runs] == [("Hop 7", "hop-7")]
    assert runs_of(server) == [("Hop 7", 1)] * 3


def test_run_without_a_name_is_called_as_its_client_key(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    open_sdk().attach_run(client_key="hop-7")
    server.wait_for(lambda: [run.name for run in server.runs] == ["hop-7"])


def test_long_words_reach_the_server_also_from_the_next_process(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    words = "words " * 2000  # more than a segment's header holds
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    sdk.attach_run("Hop 7", description=words, metadata={"also": words})
    track(sdk, 1)
    assert sdk.close(0).left == 1
    assert finish(lambda: open_sdk(spool=tmp_path).flush(DEADLINE)).acknowledged_all
    (run,) = server.runs
    assert (run.name, run.description, run.metadata[0].string_value) == ("Hop 7", words, words)
    assert runs_of(server) == [("Hop 7", 1)]


def test_run_whose_words_are_lost_is_found_all_the_same(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    with open_sdk(spool=tmp_path) as sdk:
        sdk.connect(DEADLINE)
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    sdk.attach_run("Hop 7", description="lost")
    track(sdk, 1)
    assert sdk.close(0).left == 1
    for file in tmp_path.rglob("registrations"):
        file.write_bytes(b"".join(line for line in file.read_bytes().splitlines(True) if b'"run"' not in line))
    assert finish(lambda: open_sdk(spool=tmp_path).flush(DEADLINE)).acknowledged_all
    assert runs_of(server) == [("Hop 7", 1)]


def stops(server: ScriptedServer) -> list[tuple[str, str]]:
    """The runs that were stopped, and how much had arrived then."""
    return [(run.name, run.description) for run in server.runs if run.is_stopped]


def test_run_is_stopped_after_its_last_record(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script_ingest(Answer(held=True))
    sdk = open_sdk()
    sdk.attach_run("Hop 7")
    track(sdk, 1, 2)
    server.wait_for_call("IngestWithConfigDataStream")
    sdk.stop_run()
    track(sdk, 3)
    server.release()
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert runs_of(server) == [("Hop 7", 1), ("Hop 7", 2), ("", 3)]
    ((name, words),) = stops(server)
    assert (name, words[0] in "23") == ("Hop 7", True)


def test_run_by_id_is_stopped(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    with open_sdk() as sdk:
        sdk.attach_run("Hop 7")
        server.wait_for(lambda: server.runs)
    sdk = open_sdk()
    sdk.attach_run(run_id=server.runs[0].run_id)
    track(sdk, 1)
    sdk.stop_run()
    sdk.close(DEADLINE)
    assert stops(server) == [("Hop 7", "1 messages when it was stopped")]


def test_run_that_was_stopped_offline_is_stopped_by_the_next_process_once(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    sdk.attach_run("Hop 7")
    track(sdk, 1, 2)
    sdk.stop_run()
    track(sdk, 3)
    assert sdk.close(0).left == 3
    for _ in range(2):
        with open_sdk(spool=tmp_path) as sdk:
            assert finish(lambda sdk=sdk: sdk.flush(DEADLINE)).acknowledged_all  # type: ignore[misc]
    assert runs_of(server) == [("Hop 7", 1), ("Hop 7", 2), ("", 3)]
    assert [name for name, _ in stops(server)] == ["Hop 7"]
    assert server.calls.count(STOP) == 1


def test_stop_that_fails_is_tried_again_and_data_does_not_wait_for_it(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sift_runtime._delivery.errand._AGAIN_SECONDS", 0.05)
    server.script(STOP, *[Answer(grpc.StatusCode.UNAVAILABLE)] * 5)
    sdk = open_sdk()
    sdk.attach_run("Hop 7")
    sdk.stop_run()
    server.wait_for_call(STOP, 2)
    track(sdk, 1)
    wait_until(lambda: sdk.stats.acknowledged == 1)
    sdk.flush(DEADLINE)
    assert [name for name, _ in stops(server)] == ["Hop 7"]


def test_run_is_stopped_after_all_that_was_tracked_before_its_id_was_known(
    server: ScriptedServer, open_sdk: OpenSdk
) -> None:
    server.script_ingest(Answer(), Answer(held=True))
    sdk = open_sdk(limits=BatchLimits(messages=10, interval=0.01))
    sdk.connect(DEADLINE)
    sdk.attach_run("Hop 7")
    track(sdk, *range(100))
    server.wait_for(lambda: len(server.streams) == 2)  # the first has brought the id
    sdk.stop_run()
    wait_until(lambda: sdk.stats.acknowledged >= 10)
    server.release()
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert stops(server) == [("Hop 7", "100 messages when it was stopped")]


@pytest.mark.parametrize("anew", ["key", "time", "process"])
def test_stop_that_the_key_is_not_good_for_is_not_given_up(
    server: ScriptedServer,
    open_sdk: OpenSdk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    anew: str,
) -> None:
    if anew == "time":
        monkeypatch.setattr("sift_runtime._delivery.errand._HELD_SECONDS", 0.05)
    sdk = open_sdk(spool=tmp_path)
    sdk.attach_run("Hop 7")
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    server.script(STOP, *[Answer(grpc.StatusCode.PERMISSION_DENIED, "not with this key")] * 2)
    sdk.stop_run()
    server.wait_for_call(STOP)
    track(sdk, 2)
    wait_until(lambda: sdk.stats.acknowledged == 2)  # no data waits for it
    if anew == "process":
        sdk.close(0)
        server.unscript(STOP)
        sdk = open_sdk(spool=tmp_path)
    elif anew == "key":
        server.unscript(STOP)
        sdk.update_credentials("key")
    finish(lambda: sdk.flush(DEADLINE))
    assert [name for name, _ in stops(server)] == ["Hop 7"]


REFUSALS = [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED]


@pytest.mark.parametrize("code", REFUSALS)
def test_run_that_the_server_refuses_holds_only_what_is_for_it(
    server: ScriptedServer, open_sdk: OpenSdk, code: grpc.StatusCode
) -> None:
    server.script("CreateRun", Answer(code, "no such tag"))
    sdk = open_sdk()
    sdk.connect(DEADLINE)
    sdk.attach_run("refused", force_new=True)
    track(sdk, 1)
    wait_until(lambda: sdk.stats.state == "held")
    sdk.detach_run()
    track(sdk, 2, 3)
    sdk.attach_run("Hop 8")
    track(sdk, 4)
    wait_until(lambda: sdk.stats.acknowledged == 3)
    assert sdk.stats.in_spool == 1
    assert "no such tag" in str(sdk.last_request_error)
    sdk.update_credentials("key")  # may be another that is let do it
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sorted(runs_of(server)) == [("", 2), ("", 3), ("Hop 8", 4), ("refused", 1)]


def test_run_that_is_refused_holds_nothing_where_nothing_is_tracked_for_it(
    server: ScriptedServer, open_sdk: OpenSdk
) -> None:
    server.script("CreateRun", *[Answer(grpc.StatusCode.INVALID_ARGUMENT, "no such tag")] * 100)
    sdk = open_sdk()
    sdk.connect(DEADLINE)
    sdk.attach_run("refused")
    server.wait_for_call("CreateRun")
    wait_until(lambda: sdk.last_request_error)
    sdk.detach_run()
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sdk.stats.state == "live"
    assert server.calls.count("CreateRun") == 1


def test_run_that_is_refused_is_tried_again(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sift_runtime._delivery.registering._AGAIN_SECONDS", 0.05)
    server.script("CreateRun", *[Answer(grpc.StatusCode.INVALID_ARGUMENT, "not yet")] * 3)
    sdk = open_sdk()
    sdk.attach_run("Hop 7")
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert runs_of(server) == [("Hop 7", 1)]


def test_stop_that_is_refused_is_told_once(
    server: ScriptedServer, open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture
) -> None:
    sdk = open_sdk()
    sdk.attach_run(run_id="nobody's")
    sdk.stop_run()
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    (error,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert "a run was not stopped" in error
    assert "no run nobody's" in error


def test_run_is_stopped_once_only(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    with pytest.raises(SettingsError, match="no run is attached"):
        sdk.stop_run()
    sdk.attach_run("Hop 7")
    sdk.stop_run()
    with pytest.raises(SettingsError, match="no run is attached"):
        sdk.stop_run()


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"name": "a", "run_id": "b"},
        {"client_key": "a", "run_id": "b"},
        {"client_key": "a", "force_new": True},
        {"name": "\ud800"},
        {"run_id": 7},
        {"name": "x" * 1001},
        {"name": "a", "tags": [7]},
        {"name": "a", "metadata": [("a", 1)]},
        {"name": "a", "metadata": {"a": None}},
        {"name": "a", "metadata": {"a": float("nan")}},
        {"name": "a", "metadata": {"a": 10**400}},
        {"name": "a", "tags": "hop"},
        {"name": "a", "metadata": {"a": "\ud800"}},
        {"name": "a", "metadata": {1: "a"}},
    ],
    ids=str,
)
def test_run_that_nobody_can_attach_is_refused(open_sdk: OpenSdk, bad: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="attach_run"):
        open_sdk(uri=NOWHERE).attach_run(**bad)


def test_no_run_is_attached_after_close(open_sdk: OpenSdk) -> None:
    sdk = open_sdk(uri=NOWHERE)
    sdk.close(0)
    with pytest.raises(SdkClosedError, match="attach_run"):
        sdk.attach_run("Hop 7")
    with pytest.raises(SdkClosedError, match="detach_run"):
        sdk.detach_run()
    with pytest.raises(SdkClosedError, match="stop_run"):
        sdk.stop_run()


def test_run_that_no_header_has_room_for_is_refused_before_anything_changes(
    server: ScriptedServer, open_sdk: OpenSdk
) -> None:
    sdk = open_sdk()
    with pytest.raises(SettingsError, match="shorten them"):
        sdk.attach_run("\x01" * 900)  # six bytes each, as JSON
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert runs_of(server) == [("", 1)]
