"""Ingest the `readings` flow with sift_py, unmodified: URI, telemetry YAML, named expressions, rows as JSON."""

from __future__ import annotations

import json
import sys
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sift_py.grpc.transport import use_sift_channel
from sift_py.ingestion.channel import bit_field_value, double_value, enum_value, int32_value
from sift_py.ingestion.config.telemetry import TelemetryConfig
from sift_py.ingestion.service import IngestionService


def main() -> None:
    uri, config_path, expressions_path, rows_path = sys.argv[1:]
    warnings.simplefilter("ignore")
    loaded = TelemetryConfig.try_from_yaml(Path(config_path), [Path(expressions_path)])
    # Rules are another service's calls; what is compared here is ingestion.
    config = TelemetryConfig(loaded.asset_name, flows=loaded.flows, ingestion_client_key=loaded.ingestion_client_key)
    with use_sift_channel({"uri": uri, "apikey": "key", "use_ssl": False}) as channel:
        service = IngestionService(channel, config)
        with service.buffered_ingestion(buffer_size=20) as buffered:
            for row in json.loads(Path(rows_path).read_text()):
                buffered.try_ingest_flows(flow_of(row))


def flow_of(row: dict[str, int | float]) -> dict[str, object]:
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  # sift_py wants a zone that is called UTC
    values = {
        "mainmotor.velocity": double_value(row["velocity"]),
        "voltage": int32_value(row["voltage"]),
        "vehicle_state": enum_value(row["state"]),
        "gpio": bit_field_value(bytes([row["gpio"]])),
    }
    return {
        "flow_name": "readings",
        "timestamp": epoch + timedelta(microseconds=row["time_ns"] // 1000),
        "channel_values": [{"channel_name": name, "value": value} for name, value in values.items()],
    }


if __name__ == "__main__":
    main()
