"""A receiver for a file of tests, and configs registered with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sift_codegen._config import TelemetryConfig
from sift_codegen._read_config import read_telemetry_config
from sift_codegen.remote._telemetry import telemetry_of
from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import push_rules

KEY = "key-of-the-tests"


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    store = tmp_path_factory.mktemp("store") / "flight.duckdb"
    with Receiver(ReceiverSettings(store=store, api_key=KEY)) as serving:
        yield serving


@pytest.fixture(autouse=True)
def credentials(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIFT_GRPC_URI", receiver.uri)
    monkeypatch.setenv("SIFT_API_KEY", KEY)


def register(path: Path) -> TelemetryConfig:
    """Register the flows of a config as a flight would."""
    config = read_telemetry_config(path)
    push_rules(telemetry_of(config))
    return config
