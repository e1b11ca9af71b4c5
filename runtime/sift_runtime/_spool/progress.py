"""How far the records of one segment have come."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sift_runtime._origin import Origin
from sift_runtime._spool.loaded import LoadedSegment
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome, Settlements
from sift_runtime._spool.store import Store

__all__ = ["Batch", "Hold", "Progress", "Tally"]

_log: Final = logging.getLogger("sift_runtime")
_AGAIN_SECONDS: Final = 30.0


class Hold(NamedTuple):
    """Records that are not to be sent for now: all of a schema, or those of it that are for one run."""

    schema: str
    run_key: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many records and frames have come, and how many frames of each flow."""

    records: int = 0
    frames: int = 0
    flows: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True, eq=False, kw_only=True)
class Progress:
    """A segment on its way; whoever calls holds the spool's lock."""

    store: Store
    number: int
    size: int
    """Bytes of the whole segment."""
    since: float
    """When it began, on the monotonic clock; nothing that is not settled came before."""
    origin: Origin | None = None
    """None until it has been read."""
    says: Origin | None = None
    """What its header says of that."""
    unread: int = 0
    """How many records wait in it, as far as is known before it has been read, and nobody has counted what they are."""
    seed: int = 0
    records: Segment | LoadedSegment | None = None
    """None where it has to be read first."""
    fresh_from: int = 0
    fresh_since: float = 0.0
    """No record from that one on came before this, on the monotonic clock."""
    is_adopted: bool = False
    """Whether an earlier process has left it."""
    sealed: bool = False
    sealed_at: float = 0.0
    """When the newest record in it came, on the monotonic clock."""
    unreadable_until: float = 0.0
    synced: int = 0
    """Records that a power cut leaves alone, from the first on; counted only where that is asked for."""
    taken: int = 0
    """Records that have been handed out for sending, from the first on."""
    in_flight: int = 0
    """Batches of it that are being sent."""
    settled: Settlements = field(default_factory=Settlements)
    gone: dict[Outcome, Counter[int]] = field(default_factory=dict)
    """How many frames of each flow have left, and how."""
    before: dict[Outcome, Counter[int]] = field(default_factory=dict)
    """The same of earlier processes."""
    tally: Tally = field(default_factory=Tally)
    """What has been counted of it."""
    settled_frames: int = 0

    def let_go(self) -> None:
        """Take no memory until it is read again, if it was read and nothing of it is on its way."""
        if isinstance(self.records, LoadedSegment) and not self.in_flight:
            self.records = None

    @property
    def is_on_disk(self) -> bool:
        """Whether it outlives the process."""
        return self.store.outlives_process

    @property
    def is_unsynced(self) -> bool:
        """Whether a power cut might take something of it."""
        if not self.is_on_disk or not isinstance(self.records, Segment) or self.records.descriptor < 0:
            return False
        return self.synced < self.records.records

    @property
    def is_unreadable(self) -> bool:
        """Whether the last try to read it has just failed."""
        return self.unreadable_until > time.monotonic()

    def cannot_be_read(self, error: OSError) -> None:
        """Leave it alone for a while; it stays where it is."""
        self.unreadable_until = time.monotonic() + _AGAIN_SECONDS
        _log.error("spool segment %d cannot be read, trying again in %d s: %s", self.number, _AGAIN_SECONDS, error)

    @property
    def here(self) -> int:
        """How many frames that have been counted are not settled."""
        return self.tally.frames - self.settled_frames

    def came_fresh(self, record: int) -> None:
        """Note that records from this one on come from now on."""
        self.since = self.oldest_since()
        self.fresh_from, self.fresh_since = record, time.monotonic()

    def oldest_since(self) -> float:
        """Return when the oldest record that is not settled came, on the monotonic clock, or a while before."""
        return self.fresh_since if self.fresh_since and self.fresh_from <= self.first_unsettled() else self.since

    def left(self) -> Counter[int]:
        """Return how many frames of each flow, of those that have been counted, are not settled."""
        return self.tally.flows - sum(self.gone.values(), Counter[int]())

    def counted(self) -> Tally:
        """Return what has come up to now."""
        tally, records = self.tally, self.records
        if records is None:
            return tally
        ready = records.ready(tally.records)
        if ready == tally.records:
            return tally
        flows = records.count(tally.records, ready)
        return Tally(ready, tally.frames + flows.total(), tally.flows + flows)

    def appended_to(self) -> Segment | None:
        """Return the segment of the newest progress; None of one that is so no more, by a signal's handler."""
        return self.records if isinstance(self.records, Segment) else None

    def ready(self) -> int:
        """Return the end of the records that have come."""
        return self.tally.records if self.records is None else self.records.ready(self.taken)

    def next_stretch(self) -> tuple[int, int] | None:
        """Return the next records that wait: from here up to there."""
        ready = self.ready()
        if self.taken >= ready:
            return None
        stretches = self.settled.unsettled(ready)
        return next(((max(first, self.taken), end) for first, end in stretches if end > self.taken), None)

    def waits(self) -> bool:
        """Whether anything of it can be taken, as far as is known."""
        return not self.is_unreadable and (self.origin is None or self.next_stretch() is not None)

    def is_held(self, held: Collection[Hold]) -> bool:
        """Whether it is of one of these schemas or runs, as far as is known."""
        origin = self.origin or self.says
        if origin is None or not held:
            return False
        return Hold(origin.schema) in held or Hold(origin.schema, origin.run_key) in held

    def first_unsettled(self) -> int:
        """Return the oldest record that is not settled, or the end of all."""
        ready = self.ready()
        unsettled = self.settled.unsettled(ready)
        return unsettled[0][0] if unsettled else ready

    def is_done(self) -> bool:
        """Whether nothing will come any more and everything is settled."""
        if not self.sealed or self.origin is None:
            return False
        ready = self.ready()
        everything = ready if self.records is None else self.records.records
        return self.first_unsettled() == ready == everything


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one segment on their way; `count` is the number of frames in them."""

    progress: Progress
    origin: Origin
    first: int
    end: int
    count: int
    frames: memoryview
    """As they lie in the segment; no copy."""

    @property
    def flows(self) -> frozenset[int]:
        """The numbers of the flows that it holds frames of."""
        records = self.progress.records
        return frozenset() if records is None else frozenset(records.flows[self.first : self.end])

    def frames_of(self, record: int) -> int:
        """Return how many frames a record holds."""
        records = self.progress.records
        return 1 if records is None else records.blocks.get(record, 1)

    def part(self, first: int, end: int) -> Batch:
        """Return some records of it as a batch."""
        records = self.progress.records
        assert records is not None, "what is being sent is in memory"  # noqa: S101
        count = records.count(first, end).total()
        return Batch(self.progress, self.origin, first, end, count, records.frames(first, end))
