"""Starting without a network, and after a restart: every record goes under the config and the run it was made for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from sift_runtime import DataType, FlowSchema, RegistrationError, Telemetry
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

NOWHERE = "http://127.0.0.1:1"
LIST = "ListIngestionConfigs"
INGEST = "IngestWithConfigDataStream"


class DriftedLogsFlow(LogsFlow):  # type: ignore[misc]  # which is final
    """The same flow with another type of channel."""

    @classmethod
    def schema(cls) -> FlowSchema:
        known = LogsFlow.schema()
        return replace(known, channels=tuple(replace(each, data_type=DataType.DOUBLE) for each in known.channels))


def renamed(client_key: str) -> Telemetry[AnyFlow]:
    return replace(TELEMETRY, client_key=client_key)


def leave(open_sdk: OpenSdk, spool: Path, *numbers: int, telemetry: Telemetry[AnyFlow] = TELEMETRY) -> None:
    """Track without a network, and end the process's part."""
    sdk = open_sdk(telemetry, uri=NOWHERE, spool=spool)
    track(sdk, *numbers)
    before = sdk.stats.unread
    assert sdk.close(0).left == before + len(numbers)


def test_what_was_left_goes_under_the_config_it_was_made_for(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    leave(open_sdk, tmp_path, 1, 2, telemetry=renamed("first"))
    leave(open_sdk, tmp_path, 3, telemetry=renamed("second"))
    sdk = open_sdk(renamed("third"), spool=tmp_path)
    track(sdk, 4)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    ids = {config.ingestion_config_id: key for key, config in server.configs.items()}
    sent = [(ids[request.ingestion_config_id], request.channel_values[0].int32) for request in server.acknowledged]
    assert sent == [("first", 1), ("first", 2), ("second", 3), ("third", 4)]


def test_old_flows_are_delivered_while_the_new_ones_are_refused(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    """The schema changed, the client key did not: the server has the old flows, and takes what was made for them."""
    open_sdk(spool=tmp_path).connect(DEADLINE)
    leave(open_sdk, tmp_path, 1, 2)
    sdk = open_sdk(replace(TELEMETRY, flows=(DriftedLogsFlow,)), spool=tmp_path)
    sdk.track(DriftedLogsFlow(log="new"))
    wait_until(lambda: sdk.stats.acknowledged == 2)
    assert received(server) == [1, 2]
    wait_until(lambda: sdk.stats.state == "held")
    assert isinstance(sdk.last_request_error, RegistrationError)
    stats = sdk.stats
    assert (stats.in_spool, stats.rejected, stats.unaccounted) == (1, 0, 0)


def test_restart_ships_at_once_under_the_id_it_knows(server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path) -> None:
    first = open_sdk(spool=tmp_path)
    first.connect(DEADLINE)
    first.close()
    leave(open_sdk, tmp_path, 1)
    server.calls.clear()
    server.script(LIST, Answer(held=True))
    sdk = open_sdk(spool=tmp_path, request_timeout=0.5)
    track(sdk, 2)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all  # though nobody has answered the registration
    assert received(server) == [1, 2]
    assert server.calls[0] == INGEST
    server.release()
    sdk.connect(DEADLINE)


def test_id_of_another_server_is_not_believed(server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path) -> None:
    with ScriptedServer() as other:
        first = open_sdk(uri=other.uri, spool=tmp_path)
        first.connect(DEADLINE)
        first.close()
    sdk = open_sdk(spool=tmp_path)
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert server.calls[0] == LIST


@pytest.mark.parametrize("code", [grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT])
def test_id_that_the_server_has_forgotten_is_asked_for_anew(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path, code: grpc.StatusCode
) -> None:
    first = open_sdk(spool=tmp_path)
    first.connect(DEADLINE)
    first.close()
    server.configs.clear()
    server.script_ingest(Answer(code, "what config?"))
    sdk = open_sdk(spool=tmp_path)
    track(sdk, 1, 2)
    report = finish(lambda: sdk.flush(DEADLINE))
    assert (report.acknowledged_all, report.rejected) == (True, 0)
    assert received(server) == [1, 2]


def test_registration_that_is_lost_costs_no_more_than_its_records(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    leave(open_sdk, tmp_path, 1, 2, telemetry=renamed("first"))
    for file in tmp_path.rglob("registrations"):
        file.write_bytes(b"rubbish\n")
    sdk = open_sdk(spool=tmp_path)
    track(sdk, 3)
    report = finish(lambda: sdk.flush(DEADLINE))
    assert (report.acknowledged, report.rejected, report.left) == (1, 2, 0)
    assert received(server) == [3]
    assert sdk.stats.unaccounted == 0


@pytest.mark.parametrize("method", ["CreateIngestionConfig", "CreateRun"])
def test_refusal_of_a_registration_is_no_verdict_on_data(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sift_runtime._delivery.registering._AGAIN_SECONDS", 0.05)
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    sdk.attach_run("Hop 7")
    track(sdk, 1, 2)
    assert sdk.close(0).left == 2
    server.script(method, *[Answer(grpc.StatusCode.INVALID_ARGUMENT, "not like this")] * 3)
    sdk = open_sdk(renamed("another") if method == "CreateRun" else TELEMETRY, spool=tmp_path)
    wait_until(lambda: sdk.stats.state == "held")
    report = finish(lambda: sdk.flush(DEADLINE))
    assert (report.acknowledged, report.rejected) == (2, 0)
    assert received(server) == [1, 2]


def test_registration_that_another_directory_has_is_kept_in_the_own_one_too(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    first = open_sdk(renamed("first"), uri=NOWHERE, spool=tmp_path)
    second = open_sdk(renamed("second"), uri=NOWHERE, spool=tmp_path)
    first.close(0)
    second.close(0)
    third = open_sdk(renamed("first"), uri=NOWHERE, spool=tmp_path)  # owns the second's directory from now on
    track(third, 1)
    third.close(0)
    for directory in tmp_path.iterdir():
        if not list(directory.glob("*.segment")):
            shutil.rmtree(directory)
    report = finish(lambda: open_sdk(renamed("second"), spool=tmp_path).flush(DEADLINE))
    assert (report.acknowledged, report.rejected) == (1, 0)
