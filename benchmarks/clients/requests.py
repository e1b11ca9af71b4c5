"""One request of a work, made with protobuf's own objects."""

from __future__ import annotations

from benchmarks.clients.job import Job
from benchmarks.clients.rows import NOSTROMO, Row, rows_of
from sift_runtime.messages import ingest_pb2 as ingest

__all__ = ["CONFIG_ID", "request_of", "values_of"]

CONFIG_ID = "0f9b9c1e-1111-2222-3333-444455556666"


def values_of(job: Job, row: Row) -> list[ingest.IngestWithConfigDataChannelValue]:
    """Return a row's channel values."""
    value = ingest.IngestWithConfigDataChannelValue
    if job.work != NOSTROMO:
        return [value(double=number) for number in row]
    velocity, *others = row
    voltage, state, v12, charge, led, heater = map(int, others)
    bits = bytes((v12 | charge << 1 | led << 3 | heater << 7,))
    return [value(double=velocity), value(int32=voltage), value(enum=state), value(bit_field=bits)]


def request_of(job: Job, time_ns: int) -> bytes:
    """Return the wire bytes of a row's request."""
    request = ingest.IngestWithConfigDataStreamRequest(
        ingestion_config_id=CONFIG_ID, flow="readings", channel_values=values_of(job, rows_of(job)[1])
    )
    request.timestamp.FromNanoseconds(time_ns)
    return request.SerializeToString()
