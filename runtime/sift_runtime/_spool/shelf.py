"""The segments that hold what waits, the oldest first, and room for more: made, dropped, given back."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from typing import Final

from sift_runtime._generation import Generation
from sift_runtime._spool.layout import HEADERS_SIZE, Layout, SegmentHeader
from sift_runtime._spool.progress import Batch, Progress
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.store import Store

__all__ = ["Shelf"]

_SEGMENTS: Final = 16
_LARGEST_SEGMENT: Final = 4 * 1024 * 1024
_SMALLEST_SEGMENT: Final = 64 * 1024


class Shelf:
    """Segments and what became of their records. Whoever calls holds the spool's lock.

    The handler of a signal may run after any call in here, and call the spool in its turn, or raise. So what belongs
    together is worked out first and then changed with no call in between, if nothing has changed meanwhile.
    """

    def __init__(self, store: Store, capacity_bytes: int, generation: Generation) -> None:
        """Begin with one empty segment."""
        self._store = store
        self.capacity_bytes = capacity_bytes
        self._layout = Layout.of_size(max(_SMALLEST_SEGMENT, min(_LARGEST_SEGMENT, capacity_bytes // _SEGMENTS)))
        self._next_number = 1
        self._spare: Segment | None = None
        self._retired_bytes = 0
        self.outcomes: dict[Outcome, Counter[int]] = {outcome: Counter() for outcome in Outcome}
        """How many frames of each flow have left, and how; what is on the shelf still has not left."""
        self.generation = generation
        """What records are made with."""
        self.progress: tuple[Progress, ...] = ()
        self.head = self._begun(self._new_segment(self._layout))
        self._spare = None
        self.progress = (Progress(self.head, generation, time.monotonic()),)

    def begin_generation(self, generation: Generation) -> None:
        """Append to a new segment from now on, for another config or run."""
        self.generation = generation
        self.roll(0)

    def roll(self, size: int) -> None:
        """Make the head a segment with room for so many bytes; raises OSError where there is none to be had."""
        old, seen = self.head, self.progress
        layout = self._layout
        if size > layout.payload_bytes:
            layout = Layout.of_size(size + size // 4 + 2 * HEADERS_SIZE)
        new = self._begun(self._new_segment(layout))
        added = Progress(new, self.generation, time.monotonic())
        # No call from here on.
        if self.progress is seen and self.head is old:
            old.limit = 0
            self._spare = None
            seen[-1].sealed = True
            self.head = new
            self.progress = (*seen, added)

    def is_full(self) -> bool:
        """Whether one more segment would exceed the capacity."""
        size = sum(progress.segment.layout.size for progress in self.progress)
        return size + self._layout.size > self.capacity_bytes and len(self.progress) > 1

    def drop_oldest(self) -> int:
        """Drop the oldest segment of which nothing is being sent; returns the number of frames dropped."""
        seen, outcomes = self.progress, self.outcomes
        victim = next((progress for progress in seen[:-1] if not progress.in_flight), None)
        if victim is None:
            return 0
        held = victim.held()
        rest = tuple(progress for progress in seen if progress is not victim)
        gone = {**outcomes, Outcome.DROPPED_OLDEST: outcomes[Outcome.DROPPED_OLDEST] + held}
        dropped = held.total()
        # No call from here on.
        if self.progress is seen and self.outcomes is outcomes:
            self.progress, self.outcomes = rest, gone
            self._retire(victim)
            return dropped
        return 0

    def held(self) -> Counter[int]:
        """Return how many frames of each flow are here still."""
        return sum((progress.held() for progress in self.progress), Counter())

    @property
    def encoded_bytes(self) -> int:
        """Bytes of all frames that ever came."""
        return self._retired_bytes + sum(progress.segment.end for progress in self.progress)

    def settle(self, batch: Batch, outcome: Outcome) -> None:
        """Note what became of a batch, and give back a segment of which all is settled."""
        progress = batch.progress
        counts = progress.segment.count(batch.first, batch.end)
        self._store.note(progress.segment, Settlement(batch.first, batch.end, outcome))
        progress.settled.add(batch.first, batch.end)
        progress.gone += counts
        progress.in_flight -= 1
        self.outcomes = {**self.outcomes, outcome: self.outcomes[outcome] + counts}
        self.give_back()

    def give_back(self) -> None:
        """Let go of segments that are done."""
        done = [progress for progress in self.progress if progress.is_done()]
        self.progress = tuple(progress for progress in self.progress if progress not in done)
        for progress in done:
            self._retire(progress)

    def _retire(self, progress: Progress) -> None:
        self._retired_bytes += progress.segment.end
        self._store.retire(progress.segment)

    def _new_segment(self, layout: Layout) -> Segment:
        spare = self._spare
        if spare is None or spare.layout != layout:
            self._spare = spare = self._store.new(self._next_number, layout)
            self._next_number += 1
        return spare

    def _begun(self, segment: Segment) -> Segment:
        header = SegmentHeader(
            number=segment.number,
            seed=secrets.randbits(32),
            layout=segment.layout,
            created_ns=time.time_ns(),
            origin=self.generation.origin,
        )
        segment.begin(header, self.generation.makers)
        return segment
