"""The first boot ever without a network: runs are attached, data is tracked, and the link comes later."""

from __future__ import annotations

import logging
from typing import Any

from faults.ledger import compare
from faults.row import Result, Setting
from faults.server import RecordingServer
from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, VoltageFlow

__all__ = ["run"]

_EACH = 1_000


def run(setting: Setting) -> Result:
    """Boot, fly two runs and what is between them, end; half of the times the same process sees the link come."""
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    wrong = 0
    with RecordingServer() as server:
        for number in range(setting.times):
            wrong += _one(setting, number, server, lives_on=number % 2 == 0)
            setting.step()
        loss = compare({0: setting.times * 3 * _EACH}, server.delivered)
    return Result.of(loss, f"{wrong} under a wrong config or run", kept=not wrong)


def _one(setting: Setting, number: int, server: RecordingServer, *, lives_on: bool) -> int:
    seen: list[tuple[int, str, str]] = []
    server.on_request = lambda request: seen.append(
        (request.channel_values[0].int32, request.run_id, request.ingestion_config_id)
    )
    first = number * 3 * _EACH
    settings: dict[str, Any] = {"api_key": "key", "spool": setting.folder / f"spool-{number}"}
    settings["limits"] = BatchLimits(interval=0.01)
    server.stop()
    sdk = Sdk(TELEMETRY, uri=server.uri, **settings)
    for part, run in enumerate((f"run {number} a", "", f"run {number} b")):
        if run:
            sdk.attach_run(run)
        else:
            sdk.detach_run()
        for at in range(_EACH):
            sdk.track(VoltageFlow(voltage=first + part * _EACH + at))
    if lives_on:
        server.restart()
    else:
        sdk.close(0)
        server.restart()
        sdk = Sdk(TELEMETRY, uri=server.uri, **settings)
    with sdk:
        sdk.flush(60)
    return sum(1 for value, run_id, config in seen if not _is_right(server, number, value - first, run_id, config))


def _is_right(server: RecordingServer, number: int, at: int, run_id: str, config: str) -> bool:
    name = (f"run {number} a", "", f"run {number} b")[at // _EACH] if 0 <= at < 3 * _EACH else "?"
    run = server.registry.runs.get(run_id)
    known = server.registry.configs[TELEMETRY.client_key].ingestion_config_id
    return (run.name if run is not None else "") == name and config == known
