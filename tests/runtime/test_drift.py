"""A server that has another idea of a flow: refused where it would change what the bytes mean, else a warning."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest

from sift_runtime import RegistrationError
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingestion_configs_pb2 as configs
from vehicle_telemetry import TELEMETRY

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish


def channel(flow: configs.FlowConfig, name: str) -> configs.ChannelConfig:
    return next(each for each in flow.channels if each.name.endswith(name))


def swap_channels(flow: configs.FlowConfig) -> None:
    first, second, *others = [configs.ChannelConfig.FromString(each.SerializeToString()) for each in flow.channels]
    del flow.channels[:]
    flow.channels.extend([second, first, *others])


def remove_channel(flow: configs.FlowConfig) -> None:
    del flow.channels[1]


def add_channel(flow: configs.FlowConfig) -> None:
    flow.channels.add(name="pressure", data_type=types.CHANNEL_DATA_TYPE_DOUBLE)


def retype_channel(flow: configs.FlowConfig) -> None:
    channel(flow, "voltage").data_type = types.CHANNEL_DATA_TYPE_UINT_64


def give_channel_a_type_of_the_future(flow: configs.FlowConfig) -> None:
    channel(flow, "voltage").data_type = 4711  # type: ignore[assignment]  # proto3 enums are open


def rename_label(flow: configs.FlowConfig) -> None:
    channel(flow, "vehicle_state").enum_types[0].name = "Resting"


def renumber_label(flow: configs.FlowConfig) -> None:
    channel(flow, "vehicle_state").enum_types[0].key = 77


def widen_element(flow: configs.FlowConfig) -> None:
    channel(flow, "gpio").bit_field_elements[0].bit_count += 1


def move_element(flow: configs.FlowConfig) -> None:
    channel(flow, "gpio").bit_field_elements[0].index += 20


def give_a_name_to_two_channels(flow: configs.FlowConfig) -> None:
    """Sift knows channels by name and type, and takes this."""
    flow.channels.add(name="voltage", data_type=types.CHANNEL_DATA_TYPE_DOUBLE)


def write_two_labels_as_one(flow: configs.FlowConfig) -> None:
    labels = channel(flow, "vehicle_state").enum_types
    joined = ", ".join(f"{label.name} = {label.key}" for label in labels[:2]).rpartition(" = ")
    del labels[:2]
    labels.add(name=joined[0], key=int(joined[2]))


@pytest.fixture
def readings(server: ScriptedServer, open_sdk: OpenSdk) -> configs.FlowConfig:
    """The flow `readings` as the server has it, registered earlier."""
    with open_sdk() as sdk:
        sdk.connect(DEADLINE)
    flows = server.flows[server.configs[TELEMETRY.client_key].ingestion_config_id]
    return next(flow for flow in flows if flow.name == "readings")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (swap_channels, ["channel 1 of 4", "'voltage' on the server"]),
        (remove_channel, ["'voltage'", "in the package; not on the server"]),
        (add_channel, ["'pressure'", "not in the package; on the server"]),
        (retype_channel, ["'voltage'", "data type in the package: INT_32; on the server: UINT_64"]),
        (give_channel_a_type_of_the_future, ["'voltage'", "on the server: type 4711"]),
        (rename_label, ["'vehicle_state'", "enum types", "Accelerating = 0", "Resting = 0"]),
        (renumber_label, ["'vehicle_state'", "enum types", "Accelerating = 77"]),
        (widen_element, ["'gpio'", "bit field elements", "1 bits", "2 bits"]),
        (move_element, ["'gpio'", "bit field elements", "at 0", "at 20"]),
        (give_a_name_to_two_channels, ["'voltage'", "stands once in the package; twice on the server"]),
        (write_two_labels_as_one, ["'vehicle_state'", "enum types"]),
    ],
)
def test_drift_that_changes_the_meaning_is_refused(
    server: ScriptedServer,
    open_sdk: OpenSdk,
    readings: configs.FlowConfig,
    change: Callable[[configs.FlowConfig], None],
    named: list[str],
) -> None:
    change(readings)
    sdk = open_sdk()
    track(sdk, 1, 2)
    with pytest.raises(RegistrationError) as refusal:
        sdk.connect(DEADLINE)
    for text in ["flow 'readings'", *named, "generate the package again"]:
        assert text in str(refusal.value)
    assert sdk.last_request_error is refusal.value
    assert finish(lambda: sdk.close(0)).left == 2
    assert server.streams == []


def test_order_of_labels_and_elements_is_no_drift(
    open_sdk: OpenSdk, readings: configs.FlowConfig, caplog: pytest.LogCaptureFixture
) -> None:
    for parts in (channel(readings, "vehicle_state").enum_types, channel(readings, "gpio").bit_field_elements):
        parts.reverse()
    open_sdk().connect(DEADLINE)
    assert caplog.records == []


def test_refusal_is_logged_once_at_error(
    open_sdk: OpenSdk, readings: configs.FlowConfig, caplog: pytest.LogCaptureFixture
) -> None:
    remove_channel(readings)
    with pytest.raises(RegistrationError):
        open_sdk().connect(DEADLINE)
    with pytest.raises(RegistrationError):
        open_sdk().connect(DEADLINE)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 2  # one of each Sdk


def test_drift_may_be_a_warning(
    server: ScriptedServer, open_sdk: OpenSdk, readings: configs.FlowConfig, caplog: pytest.LogCaptureFixture
) -> None:
    swap_channels(readings)
    sdk = open_sdk(on_drift="warn")
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1]
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "channel 1 of 4: 'mainmotor.velocity' in the package; 'voltage' on the server" in warning
    assert "on_drift='warn'" in warning


def test_units_and_descriptions_are_a_warning(
    server: ScriptedServer, open_sdk: OpenSdk, readings: configs.FlowConfig, caplog: pytest.LogCaptureFixture
) -> None:
    channel(readings, "voltage").unit = "mV"
    channel(readings, "voltage").description = "elsewhere"
    sdk = open_sdk()
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [text.partition("channel ")[2].partition(" in the package")[0] for text in warnings] == [
        "'voltage': unit 'Volts'",
        "'voltage': description 'voltage at the source'",
    ]


def leave_in_spite_of_drift(server: ScriptedServer, open_sdk: OpenSdk, spool: Path) -> None:
    """Leave something behind that was registered with drift."""
    with open_sdk(spool=spool, on_drift="warn") as sdk:
        sdk.connect(DEADLINE)
        track(sdk, 1)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
        server.script_ingest(*[Answer(grpc.StatusCode.UNAVAILABLE)] * 1000)
        track(sdk, 2, 3)
        assert sdk.close(0).left == 2
    server.unscript("IngestWithConfigDataStream")


def test_id_that_was_accepted_in_spite_of_drift_is_no_leave_to_send(
    server: ScriptedServer, open_sdk: OpenSdk, readings: configs.FlowConfig, tmp_path: Path
) -> None:
    swap_channels(readings)
    leave_in_spite_of_drift(server, open_sdk, tmp_path)
    sdk = open_sdk(spool=tmp_path)
    with pytest.raises(RegistrationError, match="channel 1 of"):
        sdk.connect(DEADLINE)
    assert sdk.close(0).left == 2
    assert received(server) == [1]


def test_id_that_was_accepted_in_spite_of_drift_does_where_that_is_still_no_matter(
    server: ScriptedServer, open_sdk: OpenSdk, readings: configs.FlowConfig, tmp_path: Path
) -> None:
    swap_channels(readings)
    leave_in_spite_of_drift(server, open_sdk, tmp_path)
    server.script("ListIngestionConfigs", *[Answer(grpc.StatusCode.UNAVAILABLE)] * 1000)
    sdk = open_sdk(spool=tmp_path, on_drift="warn")
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert received(server) == [1, 2, 3]


def test_id_that_was_compared_since_is_known_at_once(
    server: ScriptedServer, open_sdk: OpenSdk, readings: configs.FlowConfig, tmp_path: Path
) -> None:
    swap_channels(readings)
    leave_in_spite_of_drift(server, open_sdk, tmp_path)
    swap_channels(readings)  # back
    with open_sdk(spool=tmp_path) as sdk:
        sdk.connect(DEADLINE)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    server.script("ListIngestionConfigs", *[Answer(grpc.StatusCode.UNAVAILABLE)] * 1000)
    sdk = open_sdk(spool=tmp_path)
    track(sdk, 4)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert received(server) == [1, 2, 3, 4]
