"""What each gRPC status means for what was sent (https://grpc.io/docs/guides/status-codes/)."""

from __future__ import annotations

from typing import Final

from grpc import StatusCode

__all__ = ["CREDENTIALS", "TRANSIENT"]

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
"""The same may succeed later. Every other failure, these and credentials apart, is for good."""

CREDENTIALS: Final = frozenset({StatusCode.UNAUTHENTICATED, StatusCode.PERMISSION_DENIED})
"""Nothing is wrong with the data: hold it until the key is right."""
