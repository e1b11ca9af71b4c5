"""Registration: create, find again, race with another process, add flows, and the server's pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import grpc
import pytest

from sift_runtime import ConnectTimeoutError, RegistrationError, RequestError, Telemetry
from sift_runtime.messages import ingestion_configs_pb2 as configs
from vehicle_telemetry import TELEMETRY, AnyFlow

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

CREATE, CREATE_FLOWS = "CreateIngestionConfig", "CreateIngestionConfigFlows"
LIST, ASSET, LIST_FLOWS = "ListIngestionConfigs", "GetAsset", "ListIngestionConfigFlows"
FLOWS = [flow.schema().name for flow in TELEMETRY.flows]


def registered_flows(server: ScriptedServer) -> list[configs.FlowConfig]:
    return server.flows[server.configs[TELEMETRY.client_key].ingestion_config_id]


def register(open_sdk: OpenSdk) -> None:
    """Register the package as it is, from an Sdk of its own."""
    with open_sdk() as sdk:
        sdk.connect(DEADLINE)


def test_new_config_is_created_with_every_flow(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    assert server.calls == [LIST, CREATE]
    schemas = {flow.schema().name: flow.schema() for flow in TELEMETRY.flows}
    assert [flow.name for flow in registered_flows(server)] == FLOWS
    for flow in registered_flows(server):
        for sent, channel in zip(flow.channels, schemas[flow.name].channels, strict=True):
            assert (sent.name, sent.unit, sent.description) == (channel.name, channel.unit, channel.description)
            assert sent.data_type == channel.data_type.value
            assert [(label.name, label.key) for label in sent.enum_types] == [
                (label.name, label.key) for label in channel.enum_types
            ]
            assert [(element.name, element.index, element.bit_count) for element in sent.bit_field_elements] == [
                (element.name, element.index, element.bit_count) for element in channel.bit_field_elements
            ]


def test_config_that_is_there_is_used(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    server.calls.clear()
    register(open_sdk)
    assert server.calls == [LIST, ASSET, LIST_FLOWS]


def test_flows_beyond_the_package_are_no_matter(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    registered_flows(server).insert(0, configs.FlowConfig(name="somebody_elses"))
    register(open_sdk)
    assert CREATE_FLOWS not in server.calls


def test_every_page_of_flows_is_read(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    server.page_size = 1
    server.calls.clear()
    register(open_sdk)
    assert server.calls == [LIST, ASSET, *[LIST_FLOWS] * len(FLOWS)]


def test_pages_may_be_larger_than_grpcs_own_limit(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    wordy = configs.ChannelConfig(name="wordy", description="x" * 5_000_000)
    registered_flows(server).append(configs.FlowConfig(name="somebody_elses", channels=[wordy]))
    register(open_sdk)


def wordy_telemetry(words: int) -> Telemetry[AnyFlow]:
    """Return the example's package with a description of this many bytes on one channel of each flow."""
    flows = []
    for flow in TELEMETRY.flows:
        first, *others = flow.schema().channels
        schema = replace(flow.schema(), channels=(replace(first, description="x" * words), *others))
        flows.append(type(flow.__name__, (AnyFlow,), {"schema": classmethod(lambda cls, schema=schema: schema)}))
    return replace(TELEMETRY, flows=tuple(flows))


def of_one_flow(words: int) -> Telemetry[AnyFlow]:
    """Return a package of one flow, which takes a little more than this many bytes to register."""
    whole = wordy_telemetry(words)
    return replace(whole, flows=whole.flows[:1])


def test_a_flow_that_one_request_can_carry_is_registered(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    open_sdk(of_one_flow(4 * 1024 * 1024 - 2000)).connect(DEADLINE)
    assert len(registered_flows(server)) == 1


def test_a_flow_that_no_request_can_carry_is_refused(open_sdk: OpenSdk) -> None:
    with pytest.raises(RegistrationError, match=r"Sift accepts requests of up to 4 MiB.*: split the flow"):
        open_sdk(of_one_flow(4 * 1024 * 1024)).connect(DEADLINE)


def test_registration_beyond_four_mebibytes_goes_in_several_requests(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script(CREATE_FLOWS, Answer(grpc.StatusCode.UNAVAILABLE))  # what was created before it is found and kept
    open_sdk(wordy_telemetry(2_500_000)).connect(DEADLINE)
    assert sorted(flow.name for flow in registered_flows(server)) == sorted(FLOWS)
    assert (server.calls.count(CREATE), server.calls.count(CREATE_FLOWS)) == (1, len(FLOWS))


def test_flow_that_no_request_can_carry(open_sdk: OpenSdk) -> None:
    telemetry = wordy_telemetry(4_500_000)
    sdk = open_sdk(replace(telemetry, flows=telemetry.flows[:1]))
    with pytest.raises(RegistrationError, match=r"flow 'readings' takes 4\d{6} bytes to register; .*4 MiB"):
        sdk.connect(DEADLINE)


def test_every_call_has_a_deadline(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    del registered_flows(server)[1]
    register(open_sdk)
    assert sorted(server.seconds_given) == sorted([CREATE, CREATE_FLOWS, LIST, ASSET, LIST_FLOWS])
    assert all(seconds is not None and 0 < seconds < 31 for seconds in server.seconds_given.values())


def test_missing_flow_is_added(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    del registered_flows(server)[1]
    register(open_sdk)
    assert sorted(flow.name for flow in registered_flows(server)) == sorted(FLOWS)
    assert server.calls.count(CREATE_FLOWS) == 1


def test_flow_that_another_process_adds_meanwhile(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    flows = registered_flows(server)
    lost = [flows.pop(), flows.pop()]
    server.script(CREATE_FLOWS, Answer(also=lambda: flows.append(lost[0])))  # just before our own call is served
    register(open_sdk)
    assert sorted(flow.name for flow in flows) == sorted(FLOWS)


def test_flows_that_another_process_adds_one_after_the_other(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    flows = registered_flows(server)
    lost = [flows.pop(), flows.pop()]
    for flow in lost:  # each just before our own call is served
        server.script(CREATE_FLOWS, Answer(also=lambda flow=flow: flows.append(flow)))  # type: ignore[misc]
    register(open_sdk)
    assert sorted(flow.name for flow in flows) == sorted(FLOWS)


def test_config_that_another_process_creates_meanwhile(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    theirs = dict(server.configs)
    server.configs.clear()
    server.calls.clear()
    server.script(CREATE, Answer(also=lambda: server.configs.update(theirs)))
    register(open_sdk)
    assert server.calls == [LIST, CREATE, LIST, ASSET, LIST_FLOWS]


def test_config_that_exists_and_is_not_shown(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script(CREATE, Answer(grpc.StatusCode.ALREADY_EXISTS))
    with pytest.raises(RegistrationError, match="key of the same organization"):
        open_sdk().connect(DEADLINE)


def test_config_without_an_id_is_refused(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.names_configs = False
    with pytest.raises(RegistrationError, match="an empty id"):
        register(open_sdk)


@pytest.mark.parametrize("client_key", ['quote " in it', "back \\ slash", '\\" or client_key != "'])
def test_client_key_is_quoted(server: ScriptedServer, open_sdk: OpenSdk, client_key: str) -> None:
    telemetry = replace(TELEMETRY, client_key=client_key)
    for _ in range(2):
        with open_sdk(telemetry) as sdk:
            sdk.connect(DEADLINE)
    assert server.calls == [LIST, CREATE, LIST, ASSET, LIST_FLOWS]


def test_config_of_another_client_key_is_not_taken(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    register(open_sdk)
    wanted = f'client_key == "{TELEMETRY.client_key}2"'
    other = server.configs[TELEMETRY.client_key]
    # A server that answers the question with somebody else's config.
    server.configs[TELEMETRY.client_key + "2"] = other
    server.calls.clear()
    server.script(CREATE, Answer(also=lambda: server.configs.pop(TELEMETRY.client_key + "2")))
    with open_sdk(replace(TELEMETRY, client_key=TELEMETRY.client_key + "2")) as sdk:
        sdk.connect(DEADLINE)
    assert server.filters[-1] == wanted
    assert server.calls == [LIST, CREATE]


@pytest.mark.parametrize(
    "code",
    [
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.UNKNOWN,
    ],
    ids=str,
)
def test_what_passes_is_tried_again(server: ScriptedServer, open_sdk: OpenSdk, code: grpc.StatusCode) -> None:
    server.script(LIST, Answer(code, "not now"), Answer(code, "not now"))
    server.script(CREATE, Answer(code, "not now"))
    sdk = open_sdk()
    track(sdk, 1, 2, 3)
    sdk.connect(DEADLINE)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1, 2, 3]
    assert sdk.stats.retries == 3
    assert isinstance(sdk.last_request_error, RequestError)
    assert (sdk.last_request_error.code, sdk.last_request_error.details) == (code, "not now")


def test_connect_says_what_it_waited_for_in_vain(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script(LIST, *[Answer(grpc.StatusCode.UNAVAILABLE, "in the pit")] * 100)
    sdk = open_sdk()
    wait_until(lambda: sdk.last_request_error)
    with pytest.raises(ConnectTimeoutError, match=r"within 0\.01 s.*in the pit"):
        sdk.connect(0.01)


def test_connect_does_not_wait_for_an_sdk_that_is_closed(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script(LIST, Answer(held=True))
    sdk = open_sdk()
    server.wait_for_call(LIST)

    def connect() -> str:
        with pytest.raises(ConnectTimeoutError) as refusal:
            sdk.connect()
        return str(refusal.value)

    with ThreadPoolExecutor(1) as pool:
        refusal = pool.submit(connect)
        finish(lambda: sdk.close(0))
        assert refusal.result(DEADLINE) == "not registered before the sender stopped"


def test_server_that_forgets_the_config_is_told_again(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    track(sdk, 1)
    assert sdk.flush().acknowledged_all
    server.configs.clear()
    track(sdk, 2)
    assert sdk.flush().acknowledged_all
    assert received(server) == [1, 2]
    assert server.calls.count(CREATE) == 2
    assert sdk.stats.rejected == 0
