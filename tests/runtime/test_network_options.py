"""Headers, keepalive and the fields that are the same for every message of an Sdk."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sift_runtime import Keepalive, NetworkOptions, RequestError, SettingsError
from tests.receiver.process import running
from vehicle_telemetry import TELEMETRY

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import ScriptedServer
from .waiting import DEADLINE, finish, wait_until


def test_headers_go_with_every_call(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(network=NetworkOptions(metadata={"x-rack": "7"}))
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert len(server.headers) == len(server.calls) >= 3
    assert [headers.get("x-rack") for headers in server.headers] == ["7"] * len(server.calls)


@pytest.mark.parametrize(
    "bad",
    [
        {"metadata": {"X-Rack": "7"}},
        {"metadata": {"authorization": "Bearer another"}},
        {"metadata": {"grpc-timeout": "1S"}},
        {"metadata": {"x-data-bin": "7"}},
        {"metadata": {"x-rack": "7\r\nx-more: 8"}},
        {"metadata": {"x-rack": " 7"}},
        {"metadata": {"x-rack": 7}},
        {"proxy": "proxy.example.com:3128"},
        {"proxy": "http://proxy.example.com"},
        {"proxy": "socks5://proxy.example.com:1"},
        {"proxy": "http://proxy.example.com:port"},
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="NetworkOptions"):
        NetworkOptions(**bad)


@pytest.mark.parametrize("bad", [{"interval": 0}, {"timeout": -1}, {"interval": "often"}], ids=str)
def test_keepalive_needs_times(bad: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="Keepalive"):
        Keepalive(**bad)


def test_values_of_headers_and_proxies_show_in_no_repr() -> None:
    shown = repr(NetworkOptions(metadata={"x-token": "secret"}, proxy="http://user:secret@proxy.example.com:1"))
    assert "secret" not in shown


def test_keepalive_finds_out_that_the_server_is_gone(open_sdk: OpenSdk, tmp_path: Path) -> None:
    with running(tmp_path / "flight.duckdb") as receiver:
        keepalive = Keepalive(interval=0.2, timeout=0.2)
        sdk = open_sdk(
            uri=f"http://{receiver.address}",
            network=NetworkOptions(keepalive=keepalive),
            request_timeout=10 * DEADLINE,  # without keepalive, the call would wait for that
        )
        sdk.connect(DEADLINE)
        receiver.process.send_signal(signal.SIGSTOP)
        sdk.attach_run("Hop 7")
        wait_until(lambda: isinstance(sdk.last_request_error, RequestError))
        receiver.process.send_signal(signal.SIGCONT)
        assert "UNAVAILABLE" in str(sdk.last_request_error)
        track(sdk, 1)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all


def test_organization_and_the_flag_go_with_every_message(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(organization_id="weyland", end_stream_on_validation_error=True)
    sdk.attach_run("Hop 7")
    track(sdk, 1, 2)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert received(server) == [1, 2]
    flags = {(each.organization_id, each.end_stream_on_validation_error) for each in server.acknowledged}
    assert flags == {("weyland", True)}


def test_organization_of_the_config_counts_where_none_is_given(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(replace(TELEMETRY, organization_id="yutani"))
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert {each.organization_id for each in server.acknowledged} == {"yutani"}
    assert not server.acknowledged[0].end_stream_on_validation_error
