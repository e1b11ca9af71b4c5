"""The ledger of an Sdk as its users see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["FlushReport", "Stats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts of flows unless said otherwise, all of one moment.

    tracked = acknowledged + rejected + dropped + queued, always.
    """

    tracked: int
    """Accepted by track()."""
    acknowledged: int
    """Covered by the server's OK."""
    rejected: int
    """Refused by the server for good."""
    dropped: int
    """Pushed out of a full queue, oldest first."""
    queued: int
    """Waiting, or on their way."""
    encoded_bytes: int
    """Bytes of all tracked flows, as they are sent."""
    batches: int
    """Batches acknowledged."""
    retries: int
    """Batches and registrations that were tried again."""
    serialization_errors: int
    """Flows that track() refused; they do not count as tracked."""
    dropped_by_flow: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlushReport:
    """Where everything tracked so far is; `acknowledged_all` if the server has confirmed every flow of it."""

    acknowledged_all: bool
    acknowledged: int
    rejected: int
    dropped: int
    queued: int
