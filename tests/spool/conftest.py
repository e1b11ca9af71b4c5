"""Spools that an Sdk has left, and the command that looks into them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sift_runtime import Sdk
from sift_runtime._spool import directory as directories
from sift_runtime._spool import maker
from sift_runtime._spool.reservation import map_file
from tests.runtime.scripted_server import ScriptedServer
from vehicle_telemetry import TELEMETRY, Gpio, LogsFlow, ReadingsFlow, VehicleState, VoltageFlow

__all__ = ["NOWHERE", "RunCommand", "leave"]

NOWHERE = "http://127.0.0.1:1"
RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]


def leave(root: Path, voltages: int = 5) -> None:
    """Track some voltages, and in a run a reading and a log, without a server; and end."""
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=root) as sdk:
        for number in range(voltages):
            sdk.track(VoltageFlow(voltage=number), number)
        sdk.attach_run("Hop 7")
        gpio = Gpio(_12v=1, charge=2, led=3, heater=0)
        state = VehicleState.Stopped
        sdk.track(ReadingsFlow(mainmotor_velocity=1.5, voltage=48, vehicle_state=state, gpio=gpio), 10)
        sdk.track(LogsFlow(log="touched down"), 11)
        sdk.close(0)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        yield scripted


@pytest.fixture
def sift_spool() -> RunCommand:
    """Run the command as a process of its own."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "sift-spool"), *map(str, arguments)]
        variables = {**os.environ, "SIFT_API_KEY": "key", **environment}
        return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)

    return run


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that holds the errors a new segment gets, as long as there is one in it; tried again at once."""
    troubles: list[int] = []

    def reserved(path: Path, size: int) -> Any:
        if troubles:
            raise OSError(troubles[-1], os.strerror(troubles[-1]), str(path))
        return map_file(path, size)

    monkeypatch.setattr(directories, "map_file", reserved)
    monkeypatch.setattr(maker, "_AGAIN_SECONDS", 0.0)
    return troubles
