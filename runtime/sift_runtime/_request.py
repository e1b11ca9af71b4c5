"""The bytes of IngestWithConfigDataStreamRequest around the channel values.

Fields stand in the order of their numbers, so that the whole is what protobuf's own serializer gives; see
protos/sift_runtime/messages/ingest.proto.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_runtime._value_encoders import varint

__all__ = ["Envelope", "timestamp_field"]

_CONFIG_ID: Final = b"\x0a"
_FLOW: Final = b"\x12"
_TIMESTAMP: Final = b"\x1a"
_RUN_ID: Final = b"\x2a"
_ORGANIZATION_ID: Final = b"\x3a"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is the same for all requests of a flow on one registration."""

    head: bytes
    tail: bytes

    @classmethod
    def of(cls, *, config_id: str, flow: str, run_id: str, organization_id: str) -> Envelope:
        """Encode the constant fields; empty ones are left out, as proto3 does."""
        head = _text(_CONFIG_ID, config_id) + _text(_FLOW, flow)
        return cls(head, _text(_RUN_ID, run_id) + _text(_ORGANIZATION_ID, organization_id))

    def request(self, time_ns: int, values: bytes) -> bytes:
        """Return one whole request: head, timestamp, channel values, tail."""
        return self.head + timestamp_field(time_ns) + values + self.tail


def timestamp_field(time_ns: int) -> bytes:
    """Return the timestamp field; before 1970 seconds are negative and nanos still count up."""
    seconds, nanos = divmod(time_ns, 1_000_000_000)
    inner = b""
    if seconds:
        inner = b"\x08" + varint(seconds & 0xFFFF_FFFF_FFFF_FFFF)
    if nanos:
        inner += b"\x10" + varint(nanos)
    return _TIMESTAMP + bytes((len(inner),)) + inner


def _text(tag: bytes, text: str) -> bytes:
    data = text.encode()
    return tag + varint(len(data)) + data if data else b""
