"""Fly the rows with sift_py: fly_sift_py.py ADDRESS KEY CONFIG; prints what it did as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rows import CHANNELS, ROWS, time_of
from sift_py.grpc.transport import use_sift_channel
from sift_py.ingestion import channel as values
from sift_py.ingestion.channel import ChannelConfig, ChannelDataType
from sift_py.ingestion.config.telemetry import TelemetryConfig
from sift_py.ingestion.flow import FlowConfig
from sift_py.ingestion.service import IngestionService


def moment(nanoseconds):
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)


def ordered(number, row):
    built = [
        values.empty_value() if value is None else getattr(values, f"{data_type}_value")(value)
        for (_, data_type), value in zip(CHANNELS, row, strict=True)
    ]
    return {"flow_name": "readings", "timestamp": moment(time_of(number)), "channel_values": built}


def by_name(number, row):
    built = [
        {"channel_name": name, "value": getattr(values, f"{data_type}_value")(value)}
        for (name, data_type), value in zip(CHANNELS, row, strict=True)
        if value is not None
    ]
    return {"flow_name": "readings", "timestamp": moment(time_of(number)), "channel_values": built}


def main(address, key, config_path):
    config = TelemetryConfig.try_from_yaml(Path(config_path))
    with use_sift_channel({"uri": address, "apikey": key, "use_ssl": False}) as channel:
        service = IngestionService(channel, config)
        service.ingest_flows(*(ordered(number, row) for number, row in enumerate(ROWS)))
        service.attach_run(channel, "peer run", tags=["peers"])
        service.try_ingest_flows(*(by_name(number, row) for number, row in enumerate(ROWS)))
        with service.buffered_ingestion(buffer_size=7) as buffered:
            for _ in range(4):
                buffered.ingest_flows(*(ordered(number, row) for number, row in enumerate(ROWS)))
        run_id = service.run_id
        # A second start finds the config and the run; a flow may be added while running.
        again = IngestionService(channel, config)
        again.attach_run(channel, "peer run")
        again.try_create_flow(FlowConfig("late", [ChannelConfig("x", ChannelDataType.DOUBLE)]))
        again.ingest_flows(
            {"flow_name": "late", "timestamp": moment(time_of(0)), "channel_values": [values.double_value(1.5)]}
        )
        wrong = {"flow_name": "late", "timestamp": moment(time_of(0)), "channel_values": [values.int32_value(1)]}
        again.ingest_flows(wrong)
        json.dump({"run_id": run_id, "run_id_again": again.run_id}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
