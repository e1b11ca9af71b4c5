"""Several Sdks share one connection and one sender; what one of them waits for is in no other's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import grpc
import pytest

from sift_runtime import BatchLimits, Sdk, SdkClosedError, SdkGroup, SettingsError, Telemetry
from sift_runtime._spool import Spool
from sift_runtime.messages import ingestion_configs_pb2 as configs
from vehicle_telemetry import TELEMETRY, AnyFlow

from .conftest import PROMPT
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .test_processes import fly
from .waiting import DEADLINE, finish, wait_until

NEVER = 3600.0
STAND = replace(TELEMETRY, asset_name="Stand", client_key="stand")


class OpenIn(Protocol):
    def __call__(self, telemetry: Telemetry[AnyFlow], **settings: Any) -> Sdk[AnyFlow]: ...


@pytest.fixture
def group(server: ScriptedServer, transport: Any) -> Iterator[SdkGroup]:
    with SdkGroup(uri=server.uri, api_key="key", transport=transport) as made:
        yield made
        made.close(0)


@pytest.fixture
def open_in(group: SdkGroup) -> OpenIn:
    def opened(telemetry: Telemetry[AnyFlow], **settings: Any) -> Sdk[AnyFlow]:
        return Sdk(telemetry, **{"group": group, "limits": PROMPT, **settings})

    return opened


def by_config(server: ScriptedServer) -> dict[str, list[int]]:
    """Return the voltages that were acknowledged, by the client key of their config."""
    keys = {config.ingestion_config_id: key for key, config in server.configs.items()}
    arrived: dict[str, list[int]] = {key: [] for key in keys.values()}
    for request in server.acknowledged:
        arrived[keys[request.ingestion_config_id]].append(request.channel_values[0].int32)
    return arrived


def sender_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sift-sender"]


def test_all_go_over_one_connection_from_one_thread(server: ScriptedServer, group: SdkGroup, open_in: OpenIn) -> None:
    before = set(sender_threads())
    vehicle, stand = open_in(TELEMETRY, run_id="hop"), open_in(STAND)
    for number in range(100):
        track(vehicle, number)
        track(stand, 1000 + number)
    assert len(set(sender_threads()) - before) == 1
    report = group.flush(DEADLINE)
    assert report.acknowledged_all
    assert report.acknowledged == 200
    assert by_config(server) == {
        TELEMETRY.client_key: list(range(100)),
        "stand": list(range(1000, 1100)),
    }
    assert {request.run_id for request in server.acknowledged if request.channel_values[0].int32 < 1000} == {"hop"}
    assert (vehicle.stats.acknowledged, stand.stats.acknowledged) == (100, 100)
    assert len(server.peers["IngestWithConfigDataStream"]) == 1
    assert len(server.peers["ListIngestionConfigs"] | server.peers["CreateIngestionConfig"]) == 1


def test_closing_one_leaves_the_others_going_and_the_last_ends_the_thread(
    server: ScriptedServer, group: SdkGroup, open_in: OpenIn
) -> None:
    before = set(sender_threads())
    vehicle, stand = open_in(TELEMETRY), open_in(STAND)
    with vehicle as sdk:
        track(sdk, 1)
    assert by_config(server)[TELEMETRY.client_key] == [1]
    track(stand, 2)
    assert stand.flush(DEADLINE).acknowledged_all
    assert len(server.peers["IngestWithConfigDataStream"]) == 1
    group.close()
    assert set(sender_threads()) == before
    assert by_config(server)["stand"] == [2]


def test_one_that_is_refused_holds_up_no_other(server: ScriptedServer, open_in: OpenIn) -> None:
    server.configs["stand"] = configs.IngestionConfig(ingestion_config_id="old", asset_id="Stand", client_key="stand")
    renamed = configs.FlowConfig(name="voltage", channels=[configs.ChannelConfig(name="voltage", unit="V")])
    server.flows["old"] = [renamed]
    stand, vehicle = open_in(STAND), open_in(TELEMETRY)
    track(stand, 1)
    track(vehicle, 2)
    assert vehicle.flush(DEADLINE).acknowledged_all
    wait_until(lambda: stand.stats.state == "held")
    track(vehicle, 3)
    assert vehicle.flush(DEADLINE).acknowledged_all
    assert received(server) == [2, 3]
    assert stand.stats.in_spool == 1


def test_one_that_pauses_holds_up_no_other_and_can_be_closed(
    server: ScriptedServer, open_in: OpenIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sift_runtime._delivery.shipping._HOLD_SECONDS", NEVER)
    vehicle, stand = open_in(TELEMETRY), open_in(STAND, limits=BatchLimits(messages=40, interval=NEVER))
    server.refuses = lambda request: request.channel_values[0].int32 < 100
    track(stand, *range(40))  # of which so many are refused that it must be the schema
    wait_until(lambda: stand.stats.state == "held")
    track(vehicle, 100)
    assert vehicle.flush(DEADLINE).acknowledged_all
    assert finish(lambda: stand.close(0)).left == 40
    track(vehicle, 101)
    assert vehicle.flush(DEADLINE).acknowledged_all
    assert received(server) == [100, 101]


def test_closing_one_whose_call_hangs_ends_that_call_only(server: ScriptedServer, open_in: OpenIn) -> None:
    vehicle, stand = open_in(TELEMETRY), open_in(STAND)
    for sdk in (vehicle, stand):
        sdk.connect(DEADLINE)
    server.script_ingest(Answer(held=True))
    track(stand, 1)
    server.wait_for_read(1)
    track(vehicle, 2)
    assert finish(lambda: stand.close(0)).left == 1
    assert vehicle.flush(DEADLINE).acknowledged_all
    assert received(server) == [2]


def test_what_breaks_in_one_is_counted_there_and_ends_nothing(
    server: ScriptedServer, open_in: OpenIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    vehicle, stand = open_in(TELEMETRY), open_in(STAND)
    whole, broken = Spool.seconds_until_ready, [stand._spool]

    def breaks_once(spool: Spool) -> float | None:
        if broken and spool is broken[0]:
            broken.clear()
            raise MemoryError
        return whole(spool)

    monkeypatch.setattr(Spool, "seconds_until_ready", breaks_once)
    track(stand, 1)
    track(vehicle, 2)
    assert stand.flush(DEADLINE).acknowledged_all
    assert vehicle.flush(DEADLINE).acknowledged_all
    assert (stand.stats.sender_restarts, vehicle.stats.sender_restarts) == (1, 0)


@pytest.mark.parametrize("by", ["group", "member"])
def test_another_key_is_the_key_of_all(server: ScriptedServer, group: SdkGroup, open_in: OpenIn, by: str) -> None:
    server.key = "new-key"
    vehicle, stand = open_in(TELEMETRY), open_in(STAND)
    track(vehicle, 1)
    track(stand, 2)
    wait_until(lambda: vehicle.stats.state == stand.stats.state == "held")
    (group if by == "group" else vehicle).update_credentials("new-key")
    assert group.flush(DEADLINE).acknowledged_all
    assert sorted(received(server)) == [1, 2]


def test_closing_the_group_flushes_all_though_one_is_held(
    server: ScriptedServer, group: SdkGroup, open_in: OpenIn, tmp_path: Path
) -> None:
    server.script("CreateIngestionConfig", Answer(grpc.StatusCode.INVALID_ARGUMENT, "no such asset"))
    slow = BatchLimits(interval=NEVER)
    stand = open_in(STAND, limits=slow, spool=tmp_path)
    track(stand, 1)
    wait_until(lambda: stand.stats.state == "held")
    vehicle = open_in(TELEMETRY, limits=slow, spool=tmp_path)
    vehicle.connect(DEADLINE)
    track(vehicle, 2)
    report = group.close(1.0)
    assert (report.acknowledged, report.left, report.acknowledged_all) == (1, 1, False)
    assert received(server) == [2]
    with pytest.raises(SdkClosedError, match="the group is closed"):
        open_in(STAND)


def test_an_sdk_is_found_by_its_package(group: SdkGroup, open_in: OpenIn) -> None:
    vehicle, stand = open_in(TELEMETRY), open_in(STAND)
    assert group[TELEMETRY] is vehicle
    assert group[STAND] is stand
    assert repr(group).startswith("<SdkGroup of assets ['NostromoLV426', 'Stand'] to 127.0.0.1:")
    with pytest.raises(KeyError, match="no Sdk of asset 'Other'"):
        group[replace(TELEMETRY, asset_name="Other")]
    with pytest.raises(TypeError, match=r"group\['vehicle'\] names no package.*write group\[TELEMETRY\]"):
        group["vehicle"]  # type: ignore[index]  # as type checkers say, too
    with pytest.raises(SettingsError, match="is open in this group"):
        open_in(STAND)
    stand.close(0)
    assert group[STAND] is stand
    again = open_in(STAND)
    assert group[STAND] is again


def test_the_connection_is_the_groups_to_set(open_in: OpenIn) -> None:
    with pytest.raises(SettingsError, match="with a group, uri, api_key, compression cannot be given to an Sdk"):
        open_in(TELEMETRY, uri="http://localhost:1", api_key="other", compression="gzip")


def test_settings_of_the_connection_are_checked_like_an_sdks() -> None:
    with pytest.raises(SettingsError, match="request_timeout"):
        SdkGroup(uri="http://localhost:1", api_key="key", request_timeout=-1)


def test_forked_child_has_one_sender_for_all(server: ScriptedServer) -> None:
    flight = fly("grouped", server.uri, {"GRPC_ENABLE_FORK_SUPPORT": "1"})
    assert (flight.returncode, flight.stdout) == (
        0,
        "child: 2 acknowledged, 1 sender\nparent: 2 acknowledged, 1 sender\n",
    )
    assert sorted(received(server)) == [0, 1, 10, 11]
