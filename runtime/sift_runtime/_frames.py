"""Frames: IngestWithConfigDataStreamRequests as they stand on the wire, each behind its length.

A frame is a gRPC message: a byte 0 (not compressed), its length in four bytes, big-endian, and the request
(https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). The request's fields stand in the order of their
numbers, so that the whole is what protobuf's own serializer gives; see protos/sift_runtime/messages/ingest.proto.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Final, TypeAlias

from sift_runtime._errors import SerializationError, TimestampError
from sift_runtime._shown import shown
from sift_runtime._varint import PAIRS, varint

__all__ = [
    "LARGEST_REQUEST",
    "SMALLEST_FRAME",
    "Envelope",
    "FrameBytes",
    "FrameMaker",
    "compressed",
    "flow_name",
    "frame_ends",
    "frame_maker",
    "in_range",
    "messages",
    "with_config_id",
]

FrameBytes: TypeAlias = bytes | memoryview
"""One frame or several, one behind the other."""

FrameMaker: TypeAlias = Callable[[int, bytes], bytes]
"""Makes a frame of nanoseconds since 1970 and encoded channel values."""

_CONFIG_ID: Final = 0x0A
_FLOW: Final = b"\x12"
_TIMESTAMP: Final = b"\x1a"
_RUN_ID: Final = b"\x2a"
_END_STREAM_ON_VALIDATION_ERROR: Final = b"\x30\x01"
_ORGANIZATION_ID: Final = b"\x3a"

_PREFIX: Final = Struct(">BI")
_FIVE_GROUPS: Final = Struct("<HHB").pack
_FOUR_GROUPS: Final = Struct("<HH").pack
# google.protobuf.Timestamp holds 0001-01-01 to 9999-12-31.
_EARLIEST_NS: Final = -62_135_596_800 * 10**9
_LATEST_NS: Final = 253_402_300_800 * 10**9 - 1
LARGEST_REQUEST: Final = 4 * 1024 * 1024 - 256
"""Bytes of a request that a server takes, less room for a config id that is told later."""

SMALLEST_FRAME: Final = 10
"""Bytes of the smallest frame there can be: its length, a flow's name of one letter, and a timestamp of 0 in 1970."""

_MOST_SIZES: Final = 1024  # of values whose heads are kept: flows with strings have many, each used once


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is the same for all requests of a flow on one registration; empty fields are left out, as proto3 does."""

    config_id: str
    flow: str
    run_id: str
    organization_id: str
    ends_stream: bool = False
    """Whether a message that does not fit the config ends its stream with an error."""

    def head(self) -> bytes:
        """Encode the fields before the timestamp."""
        return _text(b"\x0a", self.config_id) + _text(_FLOW, self.flow)

    def tail(self) -> bytes:
        """Encode the fields after the channel values."""
        flag = _END_STREAM_ON_VALIDATION_ERROR if self.ends_stream else b""
        return _text(_RUN_ID, self.run_id) + flag + _text(_ORGANIZATION_ID, self.organization_id)


def frame_maker(envelope: Envelope) -> FrameMaker:
    """Return the function that makes this flow's frames.

    It raises TimestampError for times outside the years 1 to 9999, and SerializationError for a frame that no server
    takes. All that stands before the nanoseconds is the same for every frame of one second and size, and is kept. Safe
    to call from several threads: what is kept is exchanged in one piece.
    """
    heads, tail = _Heads(envelope), envelope.tail()
    pairs, five_groups, four_groups = PAIRS, _FIVE_GROUPS, _FOUR_GROUPS
    kept: tuple[int, dict[int, bytes], dict[int, bytes]] = (0, {}, {})

    def frame(time_ns: int, values: bytes) -> bytes:
        nonlocal kept
        start_ns, long, short = kept
        nanos = time_ns - start_ns
        if not 0 <= nanos < 1_000_000_000:
            nanos = time_ns % 1_000_000_000
            kept = start_ns, long, short = in_range(time_ns - nanos), {}, {}
        if nanos >= 1 << 28:
            size = len(values)
            groups = five_groups(pairs[nanos & 0x3FFF], pairs[nanos >> 14 & 0x3FFF], nanos >> 28)
            return (long.get(size) or heads.keep(long, size, start_ns, 5)) + groups + values + tail
        if nanos >= 1 << 21:
            size = len(values)
            groups = four_groups(pairs[nanos & 0x3FFF], pairs[nanos >> 14] & 0x7FFF)
            return (short.get(size) or heads.keep(short, size, start_ns, 4)) + groups + values + tail
        groups = varint(nanos) if nanos else b""
        return heads.head(len(values), start_ns, len(groups)) + groups + values + tail

    return frame


def in_range(time_ns: int) -> int:
    """Return the time; raises TimestampError where google.protobuf.Timestamp could not hold it."""
    if _EARLIEST_NS <= time_ns <= _LATEST_NS:
        return time_ns
    raise TimestampError(f"timestamp {shown(time_ns)} ns is outside the years 1 to 9999")


class _Heads:
    """Makes what stands before the nanoseconds."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self._head = envelope.head()
        self._tail_size = len(envelope.tail())

    def keep(self, kept: dict[int, bytes], size: int, start_ns: int, nanos_size: int) -> bytes:
        """Make a head for values of this size and keep it."""
        if len(kept) >= _MOST_SIZES:
            kept.clear()
        kept[size] = head = self.head(size, start_ns, nanos_size)
        return head

    def head(self, size: int, start_ns: int, nanos_size: int) -> bytes:
        """Make a head; before 1970 seconds are negative and nanos still count up, fields of 0 are left out."""
        second = start_ns // 1_000_000_000
        seconds = b"\x08" + varint(second & 0xFFFF_FFFF_FFFF_FFFF) if second else b""
        timestamp = seconds + b"\x10" if nanos_size else seconds
        head = self._head + _TIMESTAMP + bytes((len(timestamp) + nanos_size,)) + timestamp
        whole = len(head) + nanos_size + size + self._tail_size
        if whole > LARGEST_REQUEST:
            problem = f"it takes {whole} bytes, {size} of them channel values; Sift accepts requests of up to 4 MiB"
            raise SerializationError(self._envelope.flow, (problem,))
        return _PREFIX.pack(0, whole) + head


def messages(frames: FrameBytes) -> Iterator[bytes]:
    """Yield the messages of concatenated frames, without their lengths."""
    for start, end in _places(frames):
        yield bytes(frames[start:end])


def frame_ends(frames: FrameBytes) -> list[int]:
    """Return where each of concatenated frames ends."""
    return [end for _, end in _places(frames)]


def _places(frames: FrameBytes) -> Iterator[tuple[int, int]]:
    """Yield where each message starts and ends."""
    end = 0
    while end < len(frames):
        start = end + _PREFIX.size
        end = start + int(_PREFIX.unpack_from(frames, end)[1])
        yield start, end


def compressed(frames: FrameBytes) -> bytes:
    """Return the frames with each message in gzip, where that makes it smaller; a byte 1 before the length says so."""
    return b"".join(_compressed(message) for message in messages(frames))


def _compressed(message: bytes) -> bytes:
    smaller = gzip.compress(message, mtime=0)
    if len(smaller) < len(message):
        return _PREFIX.pack(1, len(smaller)) + smaller
    return _PREFIX.pack(0, len(message)) + message


def with_config_id(frames: FrameBytes, config_id: str, run_id: str = "") -> bytes:
    """Return the frames for another ingestion config, and a run where they name none.

    The config's id is the first field, a run's may stand anywhere, and all else stays.
    """
    field, run = _text(b"\x0a", config_id), _text(_RUN_ID, run_id)
    bodies = (message[_config_id_size(message) :] for message in messages(frames))
    return b"".join(_PREFIX.pack(0, len(field) + len(body) + len(run)) + field + body + run for body in bodies)


def flow_name(message: bytes) -> str:
    """Return the flow's name: the first field after the config id."""
    start = _config_id_size(message)
    size, position = _length(message, start + 1)
    return message[position : position + size].decode()


def _config_id_size(message: bytes) -> int:
    """Return how many bytes the config id field takes; 0 in messages that were made before it was known."""
    if message[0] != _CONFIG_ID:
        return 0
    size, position = _length(message, 1)
    return position + size


def _length(message: bytes, position: int) -> tuple[int, int]:
    """Return the varint at a position, and the position after it."""
    value = shift = 0
    while message[position] & 0x80:
        value |= (message[position] & 0x7F) << shift
        shift += 7
        position += 1
    return value | message[position] << shift, position + 1


def _text(tag: bytes, text: str) -> bytes:
    data = text.encode()
    return tag + varint(len(data)) + data if data else b""
