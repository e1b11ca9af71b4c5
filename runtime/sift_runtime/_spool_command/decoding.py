"""Readings as people read them: channels by name, enums by label, bit fields by element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sift_runtime._spool_command.directories import SegmentFile
from sift_runtime.messages import ingest_pb2 as ingest
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["Flows", "Reading", "flows_of", "reading", "requests_of"]

Flows: TypeAlias = Mapping[str, configs.FlowConfig]
Reading: TypeAlias = dict[str, Any]


def flows_of(registration: configs.CreateIngestionConfigRequest | None) -> Flows:
    """Return a registration's flows by name; none where the registration is not known."""
    return {} if registration is None else {flow.name: flow for flow in registration.flows}


def requests_of(segment: SegmentFile, stretches: list[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the messages of these records, without their lengths."""
    if segment.loaded is not None:
        for first, end in stretches:
            frames = segment.loaded.frames(first, end)
            start = 0
            while start < len(frames):
                size = int.from_bytes(frames[start + 1 : start + 5], "big")
                yield bytes(frames[start + 5 : start + 5 + size])
                start += 5 + size


def reading(message: bytes, flows: Flows) -> Reading:
    """Return a message's flow, time, run and values; channels without a name are numbered."""
    request = ingest.IngestWithConfigDataStreamRequest.FromString(message)
    known = flows.get(request.flow)
    channels = known.channels if known is not None else []
    values = {}
    for at, value in enumerate(request.channel_values):
        channel = channels[at] if at < len(channels) else configs.ChannelConfig(name=f"#{at + 1}")
        values[channel.name] = _value(value, channel)
    nanoseconds = request.timestamp.seconds * 1_000_000_000 + request.timestamp.nanos
    return {
        "time": _time(nanoseconds),
        "ns": nanoseconds,
        "flow": request.flow,
        "run": request.run_id,
        "values": values,
    }


def _time(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def _value(value: ingest.IngestWithConfigDataChannelValue, channel: configs.ChannelConfig) -> Any:
    kind = value.WhichOneof("type")
    if kind in (None, "empty"):
        return None
    raw = getattr(value, kind)
    if kind == "enum":
        return next((label.name for label in channel.enum_types if label.key == raw), raw)
    if kind == "bit_field" and channel.bit_field_elements:
        bits = int.from_bytes(raw, "little")
        return {each.name: bits >> each.index & (1 << each.bit_count) - 1 for each in channel.bit_field_elements}
    return raw.hex() if isinstance(raw, bytes) else raw
