"""What each gRPC status means for what was sent (https://grpc.io/docs/guides/status-codes/)."""

from __future__ import annotations

from typing import Final

from grpc import StatusCode

__all__ = ["CREDENTIALS", "REFUSED", "TRANSIENT"]

TRANSIENT: Final = frozenset(
    {
        StatusCode.ABORTED,
        StatusCode.CANCELLED,
        StatusCode.DEADLINE_EXCEEDED,
        StatusCode.INTERNAL,
        StatusCode.RESOURCE_EXHAUSTED,
        StatusCode.UNAVAILABLE,
        StatusCode.UNKNOWN,
    }
)
"""The same may succeed soon."""

REFUSED: Final = frozenset(
    {
        StatusCode.ALREADY_EXISTS,
        StatusCode.DATA_LOSS,
        StatusCode.FAILED_PRECONDITION,
        StatusCode.INVALID_ARGUMENT,
        StatusCode.OUT_OF_RANGE,
    }
)
"""A verdict on what was sent: the same will never succeed. Anything else says something of the server, not of it."""

CREDENTIALS: Final = frozenset({StatusCode.UNAUTHENTICATED, StatusCode.PERMISSION_DENIED})
"""Nothing is wrong with the data: hold it until the key is right."""
