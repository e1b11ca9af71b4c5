"""The seam between the sender and how bytes travel."""

from __future__ import annotations

from typing import Protocol

from sift_runtime._frames import FrameBytes

__all__ = ["Transport"]


class Transport(Protocol):
    """Ships batches. Used by one thread at a time; `close` may come from another."""

    def ship(self, frames: FrameBytes) -> None:
        """Send concatenated frames as one client stream and return on the server's acknowledgement.

        Raises RequestError for every other outcome: an OK counts only if everything had been sent before it.
        """

    def close(self) -> None:
        """End what is under way and let go of the connection."""
