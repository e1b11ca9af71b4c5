"""Reading an ingestion config back, from a server that has it in pages, or has what we do not know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from sift_codegen.remote import PullRequest, ServerWords, pull, status_of
from sift_runtime import RegistrationError, RequestError, SettingsError, push_rules, read_ingestion_config
from sift_runtime.messages import channel_types_pb2 as types
from vehicle_telemetry import TELEMETRY

from .scripted_server import Answer, ScriptedServer

KEY = TELEMETRY.client_key


def register(server: ScriptedServer) -> None:
    push_rules(replace(TELEMETRY, rules=()), uri=server.uri, api_key="key")
    server.calls.clear()


@pytest.mark.parametrize(("page_size", "pages"), [(1, 4), (3, 2), (1000, 1)])
def test_all_pages_are_read_in_the_servers_order(server: ScriptedServer, page_size: int, pages: int) -> None:
    register(server)
    server.organization = "weyland"
    server.page_size = page_size
    config = read_ingestion_config(KEY, uri=server.uri, api_key="key")
    assert config is not None
    assert (config.client_key, config.asset_name, config.organization_id) == (KEY, TELEMETRY.asset_name, "weyland")
    channels = [[replace(each, field=each.name) for each in flow.schema().channels] for flow in TELEMETRY.flows]
    assert [list(flow.channels) for flow in config.flows] == channels
    assert [flow.name for flow in config.flows] == [flow.schema().name for flow in TELEMETRY.flows]
    assert server.calls == ["ListIngestionConfigs", "GetAsset", *["ListIngestionConfigFlows"] * pages]


def test_what_is_not_there_is_none(server: ScriptedServer) -> None:
    assert read_ingestion_config("nobody's", uri=server.uri, api_key="key") is None
    assert server.filters == ['client_key == "nobody\'s"']


def test_a_type_of_the_future_is_told(server: ScriptedServer) -> None:
    register(server)
    flow = server.flows[server.configs[KEY].ingestion_config_id][0]
    flow.channels[0].data_type = types.ChannelDataType.ValueType(12)
    with pytest.raises(RegistrationError, match=r"flow 'readings', channel 'mainmotor.velocity': data type 12 is none"):
        read_ingestion_config(KEY, uri=server.uri, api_key="key")


def test_a_server_that_fails_half_way_is_told(server: ScriptedServer) -> None:
    register(server)
    server.script("ListIngestionConfigFlows", Answer(grpc.StatusCode.UNAVAILABLE, "key is asleep"))
    with pytest.raises(RequestError, match="ListIngestionConfigFlows: UNAVAILABLE"):
        read_ingestion_config(KEY, uri=server.uri, api_key="key")
    with pytest.raises(SettingsError):
        read_ingestion_config(KEY, uri="nowhere", api_key="key")


def test_an_asset_that_is_not_shown_is_left_for_the_user_to_name(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIFT_API_KEY", "key")
    register(server)
    server.script("GetAsset", *[Answer(grpc.StatusCode.PERMISSION_DENIED, "not for you")] * 2)
    pulled = pull(PullRequest(client_key=KEY, server=ServerWords(uri=server.uri)))
    assert "# The server does not show the asset to this API key: fill in its name.\n" in pulled.text
    assert '\nasset_name: ""\n' in pulled.text
    path = tmp_path / "vehicle.yaml"
    path.write_text(pulled.text, "utf-8")
    status = status_of(path, ServerWords(uri=server.uri))
    assert (status.is_registered, status.asset_there, status.has_other_asset, status.changes) == (True, None, False, ())


def test_pull_tells_the_organization_in_a_comment(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIFT_API_KEY", "key")
    register(server)
    server.organization = "weyland\nasset_name: nostromo"
    pulled = pull(PullRequest(client_key=KEY, server=ServerWords(uri=server.uri), output=tmp_path / "vehicle.yaml"))
    assert pulled.mistakes == ()
    assert "\n# organization_id: weyland\\nasset_name: nostromo\n" in pulled.text
