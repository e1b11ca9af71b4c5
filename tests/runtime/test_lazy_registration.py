"""Lazy registration: the config at the start, a flow when it is first sent; track() waits for neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from sift_runtime import RegistrationError, Telemetry
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow, VoltageFlow

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, wait_until

LIST, CREATE = "ListIngestionConfigs", "CreateIngestionConfig"
LIST_FLOWS, CREATE_FLOWS = "ListIngestionConfigFlows", "CreateIngestionConfigFlows"
MANY = 40_000


def registered(server: ScriptedServer) -> list[str]:
    config = server.configs[TELEMETRY.client_key]
    return [flow.name for flow in server.flows[config.ingestion_config_id]]


def test_flow_is_registered_when_it_is_first_sent(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(lazy=True)
    sdk.connect(DEADLINE)
    assert (server.calls, registered(server)) == ([LIST, CREATE], [])
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    assert registered(server) == ["voltage"]
    track(sdk, 2)
    sdk.track(LogsFlow(log="3"))
    assert sdk.flush().acknowledged_all
    assert registered(server) == ["voltage", "logs"]
    assert server.calls.count(CREATE_FLOWS) == 2
    assert received(server)[:2] == [1, 2]


def test_flow_that_is_registered_already_is_compared(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    with open_sdk() as sdk:
        sdk.connect(DEADLINE)
    (config_id,) = server.flows
    flow = next(flow for flow in server.flows[config_id] if flow.name == "voltage")
    flow.channels[0].name = "current"
    sdk = open_sdk(lazy=True)
    sdk.track(LogsFlow(log="one"))
    assert sdk.flush().acknowledged_all
    track(sdk, 1)
    wait_until(lambda: isinstance(sdk.last_request_error, RegistrationError))
    assert "flow 'voltage', channel 'voltage': in the package; not on the server" in str(sdk.last_request_error)
    assert CREATE_FLOWS not in server.calls


def test_flow_that_another_process_registers_meanwhile(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    with open_sdk() as sdk:
        sdk.connect(DEADLINE)
    (config_id,) = server.flows
    flows, server.flows[config_id] = server.flows[config_id], []
    server.script(CREATE_FLOWS, Answer(also=lambda: server.flows[config_id].extend(flows)))
    sdk = open_sdk(lazy=True)
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1]


def test_track_does_not_wait_for_a_registration(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script(CREATE_FLOWS, Answer(grpc.StatusCode.UNAVAILABLE), Answer(held=True, done=True))
    sdk = open_sdk(lazy=True)
    track(sdk, 1)
    server.wait_for_call(CREATE_FLOWS, 2)
    track(sdk, 2, 3)  # would never return
    server.release()
    assert sdk.flush().acknowledged_all
    assert received(server) == [1, 2, 3]


def test_server_that_has_forgotten_is_told_again(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(lazy=True)
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    server.configs.clear()
    track(sdk, 2)
    assert sdk.flush().acknowledged_all
    assert registered(server) == ["voltage"]
    assert received(server) == [1, 2]


def test_what_a_process_has_left_is_registered_by_the_next(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    server.script(LIST, *[Answer(grpc.StatusCode.UNAVAILABLE)] * 100)
    with open_sdk(spool=tmp_path, lazy=True) as sdk:
        track(sdk, 1)
        sdk.close(0)
    server.unscript(LIST)
    with open_sdk(replace(TELEMETRY, client_key="another"), spool=tmp_path, lazy=True) as sdk:
        assert sdk.flush().acknowledged_all
    assert registered(server) == ["voltage"]
    assert received(server) == [1]


def large_telemetry() -> Telemetry[AnyFlow]:
    """Return a package whose flows take more than 16 MiB to register."""
    channel = VoltageFlow.schema().channels[0]
    wide = replace(channel, name="unused", description="x" * 450)

    def flow(number: int) -> type[AnyFlow]:
        schema = replace(VoltageFlow.schema(), name=f"flow {number}", channels=(replace(wide, name=f"c{number}"),))
        return type(f"Flow{number}", (AnyFlow,), {"schema": classmethod(lambda cls: schema)})

    return replace(TELEMETRY, flows=(*TELEMETRY.flows, *map(flow, range(MANY))))


def test_package_of_very_many_flows_is_lazy_by_itself(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(large_telemetry())
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert registered(server) == ["voltage"]


@pytest.mark.parametrize("name", ['quote " in it', "back \\ slash"])
def test_name_is_quoted(server: ScriptedServer, open_sdk: OpenSdk, name: str) -> None:
    schema = replace(VoltageFlow.schema(), name=name)
    methods = {"schema": classmethod(lambda _: schema), "encode": lambda _: b'"\x02(\x01'}
    odd = type("Odd", (AnyFlow,), methods)
    sdk = open_sdk(replace(TELEMETRY, flows=(odd,)), lazy=True)
    sdk.track(odd())
    assert sdk.flush().acknowledged_all
    (config,) = server.flows.values()
    assert len(config) == 1
    assert config[0].name == name
