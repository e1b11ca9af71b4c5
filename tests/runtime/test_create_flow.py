"""Flows that are made at run time: registered before their first reading, and tracked through the same spool."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sift_runtime import (
    BitFieldElement,
    ChannelDetails,
    DataType,
    EnumType,
    FlowExistsError,
    RegistrationError,
    SettingsError,
)
from sift_runtime.messages import ingestion_configs_pb2 as configs
from vehicle_telemetry import TELEMETRY, VoltageFlow

from .conftest import OpenSdk
from .flows import track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

NOWHERE = "http://127.0.0.1:1"
ENGINE: Mapping[str, DataType | ChannelDetails] = {
    "rpm": DataType.DOUBLE,
    "mode": ChannelDetails(data_type=DataType.ENUM, enum_types=(EnumType("off", 0), EnumType("on", 7)), unit="-"),
    "flags": ChannelDetails(data_type=DataType.BIT_FIELD, bit_field_elements=(BitFieldElement("hot", 2, 3),)),
}


def registered(server: ScriptedServer) -> dict[str, configs.FlowConfig]:
    return {flow.name: flow for flows in server.flows.values() for flow in flows}


def sent(server: ScriptedServer) -> list[tuple[str, int]]:
    return [(request.flow, len(request.channel_values)) for request in server.acknowledged]


def test_smallest_readings_fill_a_segment_as_others_do(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    """A flow's name of one letter, a value of 0, and the first instant of 1970."""
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk(spool_bytes=2_000_000)
    flow = sdk.create_flow("a", {"x": DataType.INT_32})
    for _ in range(4_000):
        flow.track({"x": 0}, 0)
    assert (sdk.stats.tracked, sdk.stats.unaccounted) == (4_000, 0)
    server.release()
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all


def test_flow_is_registered_and_tracked(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    track(sdk, 1)
    engine = sdk.create_flow("engine", ENGINE)
    engine.track({"mode": "on", "rpm": 1200.0, "flags": {"hot": 5}}, 7)
    sdk.track_values("engine", {"rpm": 1300.0})
    track(sdk, 2)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sent(server) == [("voltage", 1), ("engine", 3), ("engine", 3), ("voltage", 1)]
    values = server.acknowledged[1].channel_values
    assert (values[0].double, values[1].enum, values[2].bit_field) == (1200.0, 7, bytes([5 << 2]))
    flow = registered(server)["engine"]
    assert [(each.name, each.data_type, each.unit) for each in flow.channels] == [
        ("rpm", 1, ""),
        ("mode", 3, "-"),
        ("flags", 4, ""),
    ]
    assert sdk.stats.flows["engine"].acknowledged == 2
    assert sdk.stats.unaccounted == 0


@pytest.mark.parametrize("name", ["\0", "a\0b", "\n", "x" * 300])
def test_flow_may_have_any_name(server: ScriptedServer, open_sdk: OpenSdk, name: str) -> None:
    sdk = open_sdk()
    sdk.create_flow(name, {"rpm": DataType.DOUBLE}).track({"rpm": 1.0})
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sent(server) == [(name, 1)]


@pytest.mark.parametrize("lazy", [False, True])
def test_flow_that_was_made_offline_is_registered_by_the_next_process(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path, lazy: bool
) -> None:
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    sdk.create_flow("engine", ENGINE).track({"rpm": 1.0})
    assert sdk.close(0).left == 1
    sdk = open_sdk(spool=tmp_path, lazy=lazy)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sent(server) == [("engine", 3)]
    assert "engine" in registered(server)


def test_numbers_of_flows_that_an_earlier_process_has_left_stay_theirs(
    server: ScriptedServer, open_sdk: OpenSdk, tmp_path: Path
) -> None:
    sdk = open_sdk(uri=NOWHERE, spool=tmp_path)
    sdk.create_flow("left", {"x": DataType.DOUBLE}).track({"x": 1.0})
    sdk.close(0)
    sdk = open_sdk(spool=tmp_path)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    sdk.create_flow("engine", ENGINE).track({"rpm": 1.0})
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    flows = sdk.stats.flows
    assert (flows["left"].acknowledged, flows["engine"].acknowledged) == (1, 1)


def test_flow_that_is_there_is_taken_as_it_is(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.create_flow("engine", ENGINE)
    sdk.create_flow("engine", ENGINE).track({"rpm": 1.0})
    sdk.create_flow("voltage", {"voltage": DataType.INT_32}).track({"voltage": 3})
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sent(server) == [("engine", 3), ("voltage", 1)]
    with pytest.raises(FlowExistsError, match="'engine' is there already, with the same channels"):
        sdk.try_create_flow("engine", ENGINE)


def test_flow_with_other_channels_is_refused_with_both_sides(open_sdk: OpenSdk) -> None:
    sdk = open_sdk(uri=NOWHERE)
    with pytest.raises(FlowExistsError) as refusal:
        sdk.create_flow("voltage", {"voltage": DataType.DOUBLE})
    words = "flow 'voltage', channel 'voltage': data type asked for: DOUBLE; there already: INT_32"
    assert str(refusal.value) == words
    with pytest.raises(FlowExistsError, match="channel 'current': asked for; not there already"):
        sdk.try_create_flow("voltage", {"current": DataType.DOUBLE})


def test_flow_that_the_server_has_with_other_channels_is_held(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    with open_sdk() as sdk:
        sdk.connect(DEADLINE)
    (flows,) = server.flows.values()
    flows.append(configs.FlowConfig(name="engine", channels=[configs.ChannelConfig(name="torque", data_type=1)]))  # type: ignore[arg-type]
    sdk = open_sdk()
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    sdk.create_flow("engine", ENGINE).track({"rpm": 1.0})
    wait_until(lambda: sdk.stats.state == "held")
    assert isinstance(sdk.last_request_error, RegistrationError)
    assert "flow 'engine', channel 'torque': not in the package; on the server" in str(sdk.last_request_error)
    assert (sdk.stats.in_spool, sdk.stats.unaccounted) == (1, 0)


def test_many_flows_are_made_in_one_request(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.connect(DEADLINE)
    server.calls.clear()
    handles = sdk.create_flows({f"flow {number}": {"x": DataType.INT_64} for number in range(200)})
    for number, handle in enumerate(handles.values()):
        handle.track({"x": number})
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert server.calls.count("CreateIngestionConfigFlows") == 1
    assert [request.channel_values[0].int64 for request in server.acknowledged] == list(range(200))


def test_threads_may_create_flows_at_once(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()

    def create(number: int) -> None:
        sdk.create_flow(f"flow {number % 8}", {"x": DataType.INT_64}).track({"x": number})
        sdk.track(VoltageFlow(voltage=number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(32)))
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert len(server.acknowledged) == 64
    assert set(registered(server)) == {
        *(f"flow {number}" for number in range(8)),
        *(flow.schema().name for flow in TELEMETRY.flows),
    }


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_child_knows_the_flow(open_sdk: OpenSdk) -> None:
    sdk = open_sdk(uri=NOWHERE, on_error="raise")
    engine = sdk.create_flow("engine", ENGINE)
    child = os.fork()
    if not child:
        try:
            engine.track({"rpm": 1.0})
            os._exit(0 if sdk.stats.flows["engine"].tracked == 1 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


ENUM = ChannelDetails(data_type=DataType.ENUM)


@pytest.mark.parametrize(
    ("name", "channels", "words"),
    [
        ("", {"x": DataType.DOUBLE}, "a flow is called ''"),
        ("f", {}, "it has no channels"),
        ("f", {"": DataType.DOUBLE}, "a channel is called ''"),
        ("f", {"x": "double"}, "give a DataType or ChannelDetails"),
        ("f", {"x": ENUM}, "an enum has some"),
        ("f", {"x": DataType.BIT_FIELD, "y": ENUM}, "a bit field has some; channel 'y': enum_types belong"),
        ("f", {"x": ChannelDetails(data_type=DataType.ENUM, enum_types=(EnumType("a", -1),))}, "0 to 4294967295"),
        (
            "f",
            {"x": ChannelDetails(data_type=DataType.ENUM, enum_types=(EnumType("a", 1), EnumType("a", 2)))},
            "stands there twice",
        ),
        (
            "f",
            {
                "x": ChannelDetails(
                    data_type=DataType.BIT_FIELD,
                    bit_field_elements=(BitFieldElement("a", 0, 3), BitFieldElement("b", 2, 1)),
                )
            },
            "elements 'a' and 'b' overlap",
        ),
    ],
)
def test_flow_that_cannot_be_is_refused(open_sdk: OpenSdk, name: str, channels: Any, words: str) -> None:
    with pytest.raises(SettingsError, match="cannot be made") as refusal:
        open_sdk(uri=NOWHERE).create_flow(name, channels)
    assert words in str(refusal.value)


def enum(*labels: EnumType) -> ChannelDetails:
    return ChannelDetails(data_type=DataType.ENUM, enum_types=labels)


def bits(*elements: BitFieldElement) -> ChannelDetails:
    return ChannelDetails(data_type=DataType.BIT_FIELD, bit_field_elements=elements)


@pytest.mark.parametrize(
    ("details", "named"),
    [
        (ChannelDetails(data_type=DataType.DOUBLE, unit=3), "its unit is 3; give a text"),  # type: ignore[arg-type]
        (ChannelDetails(data_type=DataType.DOUBLE, description="\ud800"), "half of a surrogate pair"),
        (enum(EnumType("\ud800", 1)), "half of a surrogate pair"),
        (enum(EnumType("", 1)), "give it a name"),
        (enum(EnumType("on", 1.5)), "keys are whole numbers"),  # type: ignore[arg-type]
        (bits(BitFieldElement("a", 2**40, 1)), "a bit field ends at bit 65535"),
        (bits(BitFieldElement("a", 0, 2**30)), "a bit field ends at bit 65535"),
        (bits(BitFieldElement("a", 0, 1), BitFieldElement("a", 1, 1)), "stands there twice"),
        (bits(BitFieldElement("a", 0, "1")), "whole numbers"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_registered_is_refused_and_in_nobodys_way(
    server: ScriptedServer, open_sdk: OpenSdk, details: ChannelDetails, named: str
) -> None:
    sdk = open_sdk()
    with pytest.raises(SettingsError, match=named):
        sdk.create_flow("odd", {"channel": details})
    sdk.create_flow("engine", ENGINE).track({"rpm": 1.0})
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert "odd" not in registered(server)


def test_a_flow_that_no_request_can_carry_holds_up_nothing(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    with pytest.raises(SettingsError, match=r"up to 4 MiB"):
        sdk.create_flow("f" * 5_000_000, ENGINE)
    sdk.create_flow("engine", ENGINE)
    track(sdk, 1)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert "engine" in registered(server)
