"""What earlier processes have left: told before it is read, and read only when it can be sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sift_runtime import Sdk
from sift_runtime.messages import ingestion_configs_pb2 as configs
from tests.runtime.flows import track
from tests.runtime.scripted_server import ScriptedServer
from tests.runtime.waiting import DEADLINE, finish
from vehicle_telemetry import TELEMETRY, LogsFlow

from .conftest import NOWHERE

SMALL: dict[str, Any] = {"api_key": "key", "spool_bytes": 2_000_000}


def test_what_was_left_is_in_the_report_before_it_is_read(tmp_path: Path, server: ScriptedServer) -> None:
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, *range(1_000))
        assert sdk.close(0).left == 1_000
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        stats = sdk.stats
        assert stats.adopted + stats.unread == 1_000
        assert stats.oldest_age is not None
        for report in (sdk.flush(0), sdk.close(0)):
            assert (report.acknowledged_all, report.left, report.in_memory) == (False, 1_000, 0)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged_all, report.left, sdk.stats.unread) == (True, 0, 0)


def test_report_tells_what_is_lost_with_the_process() -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key") as sdk:
        track(sdk, 1, 2)
        report = sdk.close(0)
        assert (report.left, report.in_memory) == (2, 2)


def test_backlog_that_is_held_takes_no_memory(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its schema is refused, as channels have another type there, until somebody mends that."""
    monkeypatch.setattr("sift_runtime._delivery.registering._AGAIN_SECONDS", 0.05)
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        for number in range(800):
            sdk.track(LogsFlow(log=f"{number}" + "x" * 1_200))
        sdk.close(0)
    key = TELEMETRY.client_key
    server.configs[key] = configs.IngestionConfig(ingestion_config_id="config-x", client_key=key)
    server.flows["config-x"] = [configs.FlowConfig(name="voltage", channels=[configs.ChannelConfig(name="other")])]
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        left = [progress for progress in sdk._spool._shelf.progress if progress.is_adopted]
        assert len(left) > 5
        for times in range(3, 6):
            server.wait_for_call("ListIngestionConfigFlows", times)
            assert sum(progress.records is not None for progress in left) <= 1
        server.configs.clear()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.left) == (800, 0)
        assert sdk.stats.unaccounted == 0
    assert len(server.acknowledged) == 800
