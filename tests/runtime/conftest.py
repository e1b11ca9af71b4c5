"""A scripted server per test, and Sdks that are closed when the test ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from sift_runtime import BatchLimits, Sdk, Telemetry
from vehicle_telemetry import TELEMETRY, AnyFlow

from .scripted_server import ScriptedServer

__all__ = ["OpenSdk"]

PROMPT = BatchLimits(interval=0.01)


class OpenSdk(Protocol):
    """Makes an Sdk of the example package, for the test's server unless told otherwise."""

    def __call__(self, telemetry: Telemetry[AnyFlow] = ..., **settings: Any) -> Sdk[AnyFlow]: ...


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        yield scripted


@pytest.fixture(params=["curl", "grpcio"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_sdk(server: ScriptedServer, transport: str) -> Iterator[OpenSdk]:
    with ExitStack() as stack:

        def opened(telemetry: Telemetry[AnyFlow] = TELEMETRY, **settings: Any) -> Sdk[AnyFlow]:
            sdk = Sdk(
                telemetry, **{"uri": server.uri, "api_key": "key", "limits": PROMPT, "transport": transport, **settings}
            )
            stack.callback(sdk.close, timeout=0)
            return sdk

        yield opened
