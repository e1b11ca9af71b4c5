"""What the receiver raises; one root, so that an embedding program can catch everything at once."""

from __future__ import annotations

import grpc

__all__ = ["CallRefusedError", "FilterError", "ReceiverError", "StoreError"]


class ReceiverError(Exception):
    """Root of every error that this package raises."""


class StoreError(ReceiverError):
    """The DuckDB store cannot be opened, read or written."""


class FilterError(ReceiverError):
    """A list filter cannot be read or applied.

    `position` counts characters of the filter text from 0; the message names it.
    """

    def __init__(self, reason: str, position: int) -> None:
        """Say what is wrong at which character."""
        super().__init__(f"filter: {reason} at position {position}")
        self.position = position


class CallRefusedError(ReceiverError):
    """An RPC ends with this status.

    Official clients retry INTERNAL, UNKNOWN, UNAVAILABLE, ABORTED and DEADLINE_EXCEEDED by themselves, so a permanent
    refusal never carries one of those.
    """

    def __init__(self, code: grpc.StatusCode, reason: str) -> None:
        """Keep the gRPC status to answer with."""
        super().__init__(reason)
        self.code = code
        self.reason = reason
