"""How far the records of one segment have come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sift_runtime._generation import Generation
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Settlements

__all__ = ["Batch", "Progress"]


@dataclass(slots=True, eq=False)
class Progress:
    """A segment on its way; whoever calls holds the spool's lock."""

    segment: Segment
    generation: Generation
    since: float
    """When its first record came, on the monotonic clock."""
    sealed: bool = False
    taken: int = 0
    """Records that have been handed out for sending, from the first on."""
    in_flight: int = 0
    """Batches of it that are being sent."""
    settled: Settlements = field(default_factory=Settlements)
    gone: Counter[int] = field(default_factory=Counter)
    """How many frames of each flow are settled."""
    _tally: tuple[int, Counter[int]] = (0, Counter())

    def tally(self) -> Counter[int]:
        """Return how many frames of each flow have come."""
        counted, tally = self._tally
        ready = self.segment.ready(counted)
        if counted < ready:
            tally = tally + self.segment.count(counted, ready)
            # In one piece: a signal's handler may have counted meanwhile.
            self._tally = ready, tally
        return tally

    def held(self) -> Counter[int]:
        """Return how many frames of each flow are not settled."""
        return self.tally() - self.gone

    def waiting(self) -> int:
        """Return how many records can be taken."""
        return self.segment.ready(self.taken) - self.taken

    def first_unsettled(self) -> int:
        """Return the oldest record that is not settled, or the end of all."""
        unsettled = self.settled.unsettled(self.segment.records)
        return unsettled[0][0] if unsettled else self.segment.records

    def is_done(self) -> bool:
        """Whether nothing will come any more and everything is settled."""
        return self.sealed and self.first_unsettled() == self.segment.records


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one segment on their way; `count` is the number of frames in them."""

    progress: Progress
    first: int
    end: int
    count: int

    @property
    def frames(self) -> memoryview:
        """The frames as they lie in the segment."""
        return self.progress.segment.frames(self.first, self.end)
