"""The ledger of an Sdk as its users see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

__all__ = ["FlowStats", "FlushReport", "State", "Stats"]

State: TypeAlias = Literal["registering", "live", "backing off", "held", "closed"]
"""registering: no answer to the registration yet. live: the last batch was acknowledged, or none was sent yet. backing
off: the last try failed, the next one follows by itself. held: refused in a way that trying again does not mend (a key,
a schema), looked at every 30 s. closed: nothing is sent any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStats:
    """Where the readings of one flow are.

    tracked + adopted = acknowledged + in_spool + rejected + dropped + damaged, always.
    """

    tracked: int = 0
    """Accepted by track() in this process."""
    adopted: int = 0
    """Found in the spool directory, left by processes before this one."""
    acknowledged: int = 0
    """Covered by the server's OK."""
    in_spool: int = 0
    """Waiting, or on their way."""
    rejected: int = 0
    """Refused by the server for good, and kept in the dead-letter file."""
    dropped_oldest: int = 0
    """Pushed out of a full spool by newer ones."""
    dropped_newest: int = 0
    """Turned away by a full spool."""
    dropped_for_age: int = 0
    """Older than `spool_max_age`."""
    damaged: int = 0
    """Not whole any more when they were read again, and set aside; the flow's name is empty where it is lost, too."""

    @property
    def dropped(self) -> int:
        """Dropped for whatever reason."""
        return self.dropped_oldest + self.dropped_newest + self.dropped_for_age


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats(FlowStats):
    """Where everything is at this moment: counts of readings unless said otherwise, of all flows together."""

    flows: Mapping[str, FlowStats]
    """The same for each flow by its wire name."""
    unaccounted: int
    """What was tracked or adopted and is nowhere now: 0, always; anything else is a defect of ours."""
    state: State
    degraded: str | None
    """Why the spool is in memory though it should be on disk; None while all is well."""
    spool_bytes: int
    """Bytes that all segments take, on disk or in memory: what counts against the limit of the same name."""
    unread: int
    """Found in the spool directory and not read yet, so that it counts as adopted later: how many records, of a reading
    each, or of more if they were tracked as columns."""
    in_memory: int
    """Of those in the spool, how many are lost if the process ends now; all, where no folder was given."""
    oldest_age: float | None
    """Seconds that the oldest of what is not settled has waited, or up to a batch more; None if all is. What earlier
    processes have left is dated by its file."""
    last_acknowledged: datetime | None
    """When the server last answered OK."""
    encoded_bytes: int
    """Bytes of all that this process has tracked, as it is sent."""
    batches: int
    """Batches acknowledged."""
    retries: int
    """Batches and registrations that were tried again."""
    sender_restarts: int
    """How often the sender thread had died of a defect and was started again."""
    serialization_errors: int
    """Flows that track() refused; they do not count as tracked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlushReport:
    """Where everything is, what earlier processes left included."""

    acknowledged_all: bool
    """Whether the server has confirmed every reading."""
    acknowledged: int
    left: int
    """In the spool: on disk they are sent by the next process, in memory they are lost with this one. Of what earlier
    processes have left and this one has not read yet, each record of columns counts once."""
    in_memory: int = 0
    """Of these, how many are in memory."""
    rejected: int
    dropped: int
    damaged: int

    @classmethod
    def total(cls, reports: Sequence[FlushReport]) -> FlushReport:
        """Return where everything is in several spools together."""
        return cls(
            acknowledged_all=all(report.acknowledged_all for report in reports),
            acknowledged=sum(report.acknowledged for report in reports),
            left=sum(report.left for report in reports),
            in_memory=sum(report.in_memory for report in reports),
            rejected=sum(report.rejected for report in reports),
            dropped=sum(report.dropped for report in reports),
            damaged=sum(report.damaged for report in reports),
        )
