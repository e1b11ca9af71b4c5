"""Settings: where they come from, and what is said of those that cannot work."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sift_runtime import BatchLimits, Sdk, SettingsError
from vehicle_telemetry import TELEMETRY

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import ScriptedServer

PACKAGES = Path(__file__).parents[2] / "examples" / "generated"


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("http://localhost:50051", "localhost:50051"),
        ("http://localhost", "localhost:80"),
        ("https://grpc.example.com", "grpc.example.com:443"),
        ("https://grpc.example.com/", "grpc.example.com:443"),
        ("HTTPS://Grpc.Example.com:8443", "grpc.example.com:8443"),
        ("http://127.0.0.1:1", "127.0.0.1:1"),
        ("http://[::1]:50051", "[::1]:50051"),
        ("https://[2001:db8::7]", "[2001:db8::7]:443"),
    ],
)
def test_uri_names_the_server(open_sdk: OpenSdk, uri: str, target: str) -> None:
    sdk = open_sdk(uri=uri)
    assert repr(sdk) == f"<Sdk of asset 'NostromoLV426' to {target}>"


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        ("", "it is empty"),
        ("localhost:50051", "it must begin with https:// (TLS) or http:// (none)"),
        ("grpc.example.com", "it must begin with"),
        ("//grpc.example.com", "it must begin with"),
        ("grpc://localhost:1", "it must begin with"),
        ("unix:/run/sift", "it must begin with"),
        ("http://bücher.example.com:1", "give the host in its xn-- form"),
        ("http://", "it names no host"),
        ("http://:50051", "it names no host"),
        ("http://localhost:0", "port 0"),
        ("http://localhost:65536", "Port out of range"),
        ("http://localhost:port", "could not be cast"),
        ("http://[::1:50051", "Invalid IPv6"),
        ("http://localhost:1/api", "scheme, host and port only"),
        ("http://localhost:1?tls=no", "scheme, host and port only"),
        ("http://localhost:1#here", "scheme, host and port only"),
        (" http://localhost:1", "it has a space in it"),
        ("http://local host:1", "it has a space in it"),
        ("http://localhost:1\n", "it has a space in it"),
        ("http://user:secret@localhost:1", "it must not carry a user or a password"),
        ("user:secret@localhost:1", "it must begin with"),
    ],
)
def test_uri_that_cannot_be_used(open_sdk: OpenSdk, uri: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        open_sdk(uri=uri)
    assert problem in str(refusal.value)
    assert "for example https://grpc-api.example.com or http://localhost:50051" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_uri_and_key_come_from_the_environment(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIFT_GRPC_URI", server.uri)
    monkeypatch.setenv("SIFT_API_KEY", "key")
    with Sdk(TELEMETRY) as sdk:
        track(sdk, 1)
        assert sdk.flush().acknowledged_all
    assert received(server) == [1]


def test_arguments_go_before_the_environment(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIFT_GRPC_URI", "http://localhost:1")
    monkeypatch.setenv("SIFT_API_KEY", "another")
    with Sdk(TELEMETRY, uri=server.uri, api_key="key") as sdk:
        track(sdk, 1)
        assert sdk.flush().acknowledged_all


@pytest.mark.parametrize(("argument", "variable"), [("uri", "SIFT_GRPC_URI"), ("api_key", "SIFT_API_KEY")])
def test_what_is_missing_is_asked_for(monkeypatch: pytest.MonkeyPatch, argument: str, variable: str) -> None:
    monkeypatch.delenv("SIFT_GRPC_URI", raising=False)
    monkeypatch.delenv("SIFT_API_KEY", raising=False)
    monkeypatch.setenv("SIFT_CONFIG_FILE", "/nowhere/sift.toml")
    given = {"uri": "http://localhost:1", "api_key": "key"}
    del given[argument]
    with pytest.raises(SettingsError) as refusal:
        Sdk(TELEMETRY, **given)  # type: ignore[arg-type]  # mypy cannot know which argument this is
    words = f"no {argument}: give Sdk(…, {argument}=…), set {variable}, or write"
    assert str(refusal.value).startswith(words)
    assert str(refusal.value).endswith("into /nowhere/sift.toml")


@pytest.mark.parametrize("key", ["", "secret\n", " secret", "sec\x00ret", "sécret"])
def test_key_that_no_header_can_carry(open_sdk: OpenSdk, key: str) -> None:
    with pytest.raises(SettingsError, match="api_key is empty, or has characters in it that no key has") as refusal:
        open_sdk(api_key=key)
    assert not key or key not in str(refusal.value)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("on_error", "ignore"), ("spool_bytes", 0), ("spool_bytes", -1), ("spool_bytes", math.nan), ("spool_bytes", "1")]
    + [("request_timeout", 0.0), ("request_timeout", "30")]
    + [("request_timeout", value) for value in (math.inf, math.nan, 1e10)],
)
def test_setting_that_cannot_work(open_sdk: OpenSdk, setting: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=f"{setting} is {value!r}; it"):
        open_sdk(**{setting: value})


@pytest.mark.parametrize("method", ["connect", "flush", "close"])
@pytest.mark.parametrize("timeout", [math.nan, "1", 1j])
def test_timeout_that_would_never_pass(open_sdk: OpenSdk, method: str, timeout: Any) -> None:
    sdk = open_sdk()
    with pytest.raises(SettingsError, match=rf"{method}\(timeout\) is .*; give a number of seconds, or None"):
        getattr(sdk, method)(timeout)


@pytest.mark.parametrize(
    ("run_id", "mend"),
    [(UUID(int=7), r"of type UUID; give it as text, for example str\(run_id\)"), ("\ud800", "surrogate")],
    ids=["uuid", "surrogate"],
)
def test_run_id_that_is_no_text(open_sdk: OpenSdk, run_id: Any, mend: str) -> None:
    with pytest.raises(SettingsError, match=mend):
        open_sdk(run_id=run_id)


def test_limits_that_no_batch_can_meet() -> None:
    for unlimited in ({"messages": math.inf}, {"bytes": 1e6}):
        with pytest.raises(SettingsError, match="must be a whole number"):
            BatchLimits(**unlimited)  # type: ignore[arg-type]  # as who does not check does
    for limits in ({"messages": 0}, {"bytes": -1}):
        with pytest.raises(SettingsError, match="must be a number above 0"):
            BatchLimits(**limits)
    with pytest.raises(SettingsError, match=r"BatchLimits\.interval is nan"):
        BatchLimits(interval=math.nan)
    with pytest.raises(SettingsError, match=r"BatchLimits\.interval is 0; it must be a number above 0"):
        BatchLimits(interval=0)


def test_flight_needs_none_of_the_other_rooms() -> None:
    code = (
        "import sys, vehicle_telemetry\n"
        "from sift_runtime import Sdk\n"
        "rooms = {'sift_codegen', 'sift_receiver', 'jinja2', 'click', 'black', 'yaml', 'duckdb', 'numpy'}\n"
        "print(*rooms & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=PACKAGES, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "", "")


def test_without_pycurl_grpcio_sends_and_says_so(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "pycurl", None)  # as importing finds what is not installed
    with Sdk(TELEMETRY, uri=server.uri, api_key="key") as sdk:
        track(sdk, 1)
        assert sdk.flush().acknowledged_all
    (warning,) = caplog.records
    assert "pycurl cannot be imported" in warning.getMessage()
    assert "grpc-python" in server.streams[0].user_agent


def test_with_pycurl_libcurl_sends(server: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    with Sdk(TELEMETRY, uri=server.uri, api_key="key") as sdk:
        track(sdk, 1)
        assert sdk.flush().acknowledged_all
    assert caplog.records == []
    assert "PycURL" in server.streams[0].user_agent


def test_libcurl_that_is_asked_for_and_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycurl", None)
    with pytest.raises(SettingsError, match="transport is 'curl', but pycurl cannot be imported"):
        Sdk(TELEMETRY, uri="http://localhost", api_key="key", transport="curl")


@pytest.mark.parametrize(("setting", "value"), [("transport", "http"), ("compression", "zip"), ("compression", None)])
def test_choice_that_is_none(open_sdk: OpenSdk, setting: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=f"{setting} is {value!r}; it is "):
        open_sdk(**{setting: value})
