"""Times as nanoseconds since 1970, exactly: no float is involved."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from sift_runtime._errors import TimestampError
from sift_runtime._shown import shown

__all__ = ["nanoseconds"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# google.protobuf.Timestamp holds 0001-01-01 to 9999-12-31.
_EARLIEST_NS: Final = -62_135_596_800 * 10**9
_LATEST_NS: Final = 253_402_300_800 * 10**9 - 1


def nanoseconds(timestamp: datetime | int | None) -> int:
    """Return nanoseconds since 1970 UTC of an aware datetime (exact to its microsecond), an integer, or now.

    Raises TimestampError for a naive datetime, another type, or a time outside the years 1 to 9999.
    """
    if timestamp is None:
        return time.time_ns()
    if isinstance(timestamp, datetime):
        return _of_datetime(timestamp)
    if type(timestamp) is not int:
        kind = type(timestamp).__name__
        raise TimestampError(f"timestamp {shown(timestamp)} is a {kind}; give an aware datetime or integer nanoseconds")
    if not _EARLIEST_NS <= timestamp <= _LATEST_NS:
        raise TimestampError(f"timestamp {shown(timestamp)} ns is outside the years 1 to 9999")
    return timestamp


def _of_datetime(timestamp: datetime) -> int:
    try:
        naive = timestamp.utcoffset() is None
        since = timedelta() if naive else timestamp - _EPOCH
    except Exception as error:  # a zone is a user's or a library's class
        problem = f"its zone raises {type(error).__name__}"
        raise TimestampError(f"timestamp of {timestamp.replace(tzinfo=None)}: {problem}") from error
    if naive:
        mend = "give it a zone, for example datetime.now(UTC)"
        raise TimestampError(f"timestamp {shown(timestamp)} is naive: it may mean any zone; {mend}")
    total = ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000
    if not _EARLIEST_NS <= total <= _LATEST_NS:
        raise TimestampError(f"timestamp {shown(timestamp)} is outside the years 1 to 9999 in UTC")
    return total
