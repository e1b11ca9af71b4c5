"""sift_py: its buffered ingestion, with validation and without."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from sift_py.grpc.transport import use_sift_channel
from sift_py.ingestion.channel import (
    ChannelBitFieldElement,
    ChannelConfig,
    ChannelDataType,
    ChannelEnumType,
    bit_field_value,
    double_value,
    enum_value,
    int32_value,
)
from sift_py.ingestion.config.telemetry import TelemetryConfig
from sift_py.ingestion.flow import FlowConfig
from sift_py.ingestion.service import IngestionService

from benchmarks.clients.job import Answer, Job, answer
from benchmarks.clients.meter import Meter
from benchmarks.clients.rows import NOSTROMO, rows_of, take

Values = Callable[[Sequence[float]], list[object]]
_BITS = (("12v", 0, 1), ("charge", 1, 2), ("led", 3, 4), ("heater", 7, 1))


def main() -> None:
    """Measure the job of the command line."""
    warnings.simplefilter("ignore")
    answer(measure)


def measure(job: Job) -> Answer:
    """Warm up, then measure; leaving the buffer's context flushes it."""
    channels = channels_of(job)
    config = TelemetryConfig(
        asset_name="rover", ingestion_client_key="benchmark", flows=[FlowConfig("readings", channels)]
    )
    send = {"sift_py_validated": send_validated, "sift_py_unvalidated": send_unvalidated}[job.path]
    meter = Meter(job)
    with use_sift_channel({"uri": job.address, "apikey": "key", "use_ssl": False}) as channel:
        service = IngestionService(channel, config)
        warm = max(1000, job.flows // 10)
        meter.expect(warm)
        send(service, job, warm)
        meter.wait()
        meter.expect(job.flows)
        send(service, job, job.flows)
        return meter.result()


def send_validated(service: IngestionService, job: Job, count: int) -> None:
    """Name each channel; sift_py looks each up."""
    values, names = values_maker(job), [channel.name for channel in channels_of(job)]
    now, zone = datetime.now, timezone.utc  # noqa: UP017  # sift_py wants a zone that is called UTC
    with service.buffered_ingestion() as buffered:
        for row in take(rows_of(job), count):
            pairs = [{"channel_name": name, "value": value} for name, value in zip(names, values(row))]  # noqa: B905  # strict costs
            buffered.try_ingest_flows({"flow_name": "readings", "timestamp": now(zone), "channel_values": pairs})


def send_unvalidated(service: IngestionService, job: Job, count: int) -> None:
    """Give the values in order; sift_py believes it."""
    values, now, zone = values_maker(job), datetime.now, timezone.utc  # noqa: UP017  # as above
    with service.buffered_ingestion() as buffered:
        for row in take(rows_of(job), count):
            buffered.ingest_flows({"flow_name": "readings", "timestamp": now(zone), "channel_values": values(row)})


def values_maker(job: Job) -> Values:
    """Return what turns a row into sift_py's values."""

    def doubles(row: Sequence[float]) -> list[object]:
        return [double_value(number) for number in row]

    def vehicle(row: Sequence[float]) -> list[object]:
        velocity, voltage, state, v12, charge, led, heater = row
        bits = bytes((v12 | charge << 1 | led << 3 | heater << 7,))
        return [double_value(velocity), int32_value(voltage), enum_value(state), bit_field_value(bits)]

    return vehicle if job.work == NOSTROMO else doubles


def channels_of(job: Job) -> list[ChannelConfig]:
    """Return the flow's channels."""
    if job.work != NOSTROMO:
        return [ChannelConfig(f"c{number}", ChannelDataType.DOUBLE) for number in range(job.channels)]
    states = [ChannelEnumType(name, key) for key, name in enumerate(("Accelerating", "Decelerating", "Stopped"))]
    bits = [ChannelBitFieldElement(*bit) for bit in _BITS]
    return [
        ChannelConfig("mainmotor.velocity", ChannelDataType.DOUBLE),
        ChannelConfig("voltage", ChannelDataType.INT_32),
        ChannelConfig("vehicle_state", ChannelDataType.ENUM, enum_types=states),
        ChannelConfig("gpio", ChannelDataType.BIT_FIELD, bit_field_elements=bits),
    ]


if __name__ == "__main__":
    main()
