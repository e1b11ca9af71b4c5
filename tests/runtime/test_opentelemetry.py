"""The ledger as OpenTelemetry metrics, collected by OpenTelemetry's own reader."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from sift_runtime.opentelemetry import observe

from .conftest import OpenSdk
from .flows import track
from .scripted_server import ScriptedServer
from .waiting import DEADLINE


def collected(reader: InMemoryMetricReader) -> dict[str, dict[tuple[str, ...], Any]]:
    """Return each metric's values by their attributes."""
    data = reader.get_metrics_data()
    assert data is not None
    metrics = data.resource_metrics[0].scope_metrics[0].metrics
    return {
        metric.name: {
            tuple(str(value) for _, value in sorted((point.attributes or {}).items())): point.value  # type: ignore[union-attr]
            for point in metric.data.data_points
        }
        for metric in metrics
    }


def test_metrics_say_what_the_stats_say(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.refuses = lambda request: request.channel_values[0].int32 == 3
    reader = InMemoryMetricReader()
    sdk = open_sdk()
    observe(sdk, meter_provider=MeterProvider([reader]), vehicle="LV-426")
    before = collected(reader)
    assert before["sift.readings.tracked"]["voltage", "LV-426"] == 0
    track(sdk, 1, 2, 3, 4)
    sdk.flush(DEADLINE)
    stats, after = sdk.stats, collected(reader)
    assert after["sift.readings.tracked"]["voltage", "LV-426"] == stats.flows["voltage"].tracked == 4
    assert after["sift.readings.acknowledged"]["voltage", "LV-426"] == 3
    assert after["sift.readings.rejected"]["voltage", "LV-426"] == 1
    assert set(after["sift.readings.dropped"].values()) == {0}
    assert after["sift.spool.readings"]["LV-426",] == 0
    assert after["sift.spool.size"]["LV-426",] == stats.spool_bytes > 0
    assert after["sift.unaccounted"]["LV-426",] == 0
    assert after["sift.batches"]["LV-426",] == stats.batches
    assert after["sift.state"] == {("live", "LV-426"): 1}


def test_extra_that_is_not_installed_is_named() -> None:
    code = "import sys; sys.modules['opentelemetry'] = None; import sift_runtime.opentelemetry"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingExtraError" in run.stderr
    assert "pip install 'sift-codegen[opentelemetry]'" in run.stderr
