"""Times as whole nanoseconds since 1970-01-01 UTC, which is what the wire carries and what the store keeps."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

__all__ = [
    "EARLIEST",
    "LATEST",
    "NANOS_PER_SECOND",
    "format_nanoseconds",
    "now_nanoseconds",
    "parse_rfc3339",
    "timestamp_message",
    "timestamp_nanoseconds",
]

NANOS_PER_SECOND = 1_000_000_000
# protobuf's Timestamp reaches from 0001-01-01 to 9999-12-31.
EARLIEST = -62_135_596_800 * NANOS_PER_SECOND
LATEST = 253_402_300_800 * NANOS_PER_SECOND - 1
_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)")


def now_nanoseconds() -> int:
    """Read the wall clock."""
    return time.time_ns()


def timestamp_nanoseconds(timestamp: Timestamp) -> int:
    """Normalise a wire timestamp; nanos of 10^9 and more (leap seconds of the Rust client) carry into the seconds."""
    return timestamp.seconds * NANOS_PER_SECOND + timestamp.nanos


def timestamp_message(nanoseconds: int) -> Timestamp:
    """Build the wire form, nanos always within 0..999999999."""
    seconds, nanos = divmod(nanoseconds, NANOS_PER_SECOND)
    return Timestamp(seconds=seconds, nanos=nanos)


def format_nanoseconds(nanoseconds: int) -> str:
    """Write a time as `2026-11-23 08:15:00.123456789`, in UTC."""
    seconds, nanos = divmod(nanoseconds, NANOS_PER_SECOND)
    day_seconds = divmod(seconds - EARLIEST // NANOS_PER_SECOND, 86_400)
    date = datetime.fromordinal(day_seconds[0] + 1).date()
    hours, rest = divmod(day_seconds[1], 3600)
    return f"{date.isoformat()} {hours:02}:{rest // 60:02}:{rest % 60:02}.{nanos:09}"


def parse_rfc3339(text: str) -> int:
    """Read `2026-11-23T08:15:00.123456789Z`; raises ValueError for anything else."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an RFC 3339 time such as 2026-11-23T08:15:00Z")
    date, clock, fraction, zone = match.groups()
    moment = datetime.fromisoformat(f"{date}T{clock}{'+00:00' if zone in 'Zz' else zone}")
    whole = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * NANOS_PER_SECOND + int((fraction or "").ljust(9, "0"))
