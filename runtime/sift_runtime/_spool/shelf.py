"""The segments that hold what waits, the oldest first, and room for more: made, dropped, given back."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Sequence
from typing import Final

from sift_runtime._generation import Generation
from sift_runtime._spool.layout import HEADERS_SIZE, Layout, SegmentHeader
from sift_runtime._spool.loaded import LoadedSegment
from sift_runtime._spool.names import FlowNames
from sift_runtime._spool.progress import Progress, Tally
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.store import Store

__all__ = ["Shelf"]

_SEGMENTS: Final = 16
_LARGEST_SEGMENT: Final = 4 * 1024 * 1024
_SMALLEST_SEGMENT: Final = 64 * 1024
_MOST_MAPPED: Final = 3


class Shelf:
    """Segments and what became of their records. Whoever calls holds the spool's lock.

    The handler of a signal may run after any call in here, and call the spool in its turn, or raise. So what belongs
    together is worked out first and then changed with no call in between, if nothing has changed meanwhile.
    """

    def __init__(self, stores: Sequence[Store], capacity_bytes: int, generation: Generation) -> None:
        """Begin with one empty segment in the first store, behind what is in any."""
        self.capacity_bytes = capacity_bytes
        self.generation = generation
        """What records are made with."""
        self.names = FlowNames(generation.names)
        self.gone: dict[Outcome, Counter[int]] = {outcome: Counter() for outcome in Outcome}
        """How many frames of each flow have left, and how."""
        self.adopted: Counter[int] = Counter()
        """How many frames of each flow an earlier process had left."""
        self._stores = stores
        self._layout = Layout.of_size(max(_SMALLEST_SEGMENT, min(_LARGEST_SEGMENT, capacity_bytes // _SEGMENTS)))
        self._spare: Segment | None = None
        self._retired_bytes = self._retired_frames = 0
        self._came: Counter[int] = Counter()
        left = [(store, store.numbers()) for store in stores]
        self._next_number = stores[0].first_number()
        self.head = self._begun(self._new_segment(self._layout))
        self._spare = None
        earlier = [self._left(store, number) for store, numbers in reversed(left) for number in numbers]
        self.progress = (*earlier, self._progress(self.head))

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
        added = self._progress(new)
        # No call from here on.
        if self.progress is seen and self.head is old:
            old.limit = 0
            self._spare = None
            seen[-1].sealed = True
            self.head = new
            self.progress = (*seen, added)

    def size(self) -> int:
        """Return how many bytes all segments take."""
        return sum(progress.size for progress in self.progress)

    def is_full(self, size: int) -> bool:
        """Whether one more segment, for a record of this size, would exceed the capacity; two there may always be."""
        return self.size() + max(size, self._layout.size) > self.capacity_bytes and len(self.progress) > 1

    def drop_newest(self, flow: int, count: int) -> None:
        """Count frames that were not even appended."""
        turned_away = Counter({flow: count})
        gone = {**self.gone, Outcome.DROPPED_NEWEST: self.gone[Outcome.DROPPED_NEWEST] + turned_away}
        came = self._came + turned_away
        # No call from here on.
        self.gone, self._came = gone, came
        self._retired_frames += count

    def drop_oldest(self) -> int:
        """Drop the oldest segment of which nothing is being sent; returns the number of frames dropped."""
        self.came()
        seen, gone = self.progress, self.gone
        victim = next((progress for progress in seen[:-1] if not progress.in_flight), None)
        if victim is None:
            return 0
        dropped = victim.tally.flows - sum(victim.gone.values(), Counter[int]())
        rest = tuple(progress for progress in seen if progress is not victim)
        left = {**gone, Outcome.DROPPED_OLDEST: gone[Outcome.DROPPED_OLDEST] + dropped}
        frames = victim.tally.frames
        # No call from here on.
        if self.progress is seen and self.gone is gone:
            self.progress, self.gone = rest, left
            self._retired_frames += frames
            self._let_go(victim, {**victim.gone, Outcome.DROPPED_OLDEST: dropped})
            return frames
        return 0

    def came(self) -> Counter[int]:
        """Return how many frames of each flow have come, those of earlier processes included."""
        for progress in self.progress:
            old, came = progress.tally, self._came
            new = progress.counted()
            if new is not old:
                more = came + (new.flows - old.flows)
                # No call from here on: a signal's handler may have counted meanwhile.
                if progress.tally is old and self._came is came:
                    progress.tally, self._came = new, more
        return self._came

    def frames_that_came(self) -> int:
        """Return how many frames came() went over, by the numbers of records."""
        return self._retired_frames + sum(progress.tally.frames for progress in self.progress)

    def frames_here(self) -> int:
        """Return how many of them are not settled."""
        return sum(progress.here for progress in self.progress)

    @property
    def encoded_bytes(self) -> int:
        """Bytes of all frames that this process has appended."""
        segments = (progress.records for progress in self.progress)
        return self._retired_bytes + sum(each.end for each in segments if isinstance(each, Segment))

    def settle(self, progress: Progress, settlement: Settlement, accepted: int = 0) -> None:
        """Note what became of those of the records that are not settled yet.

        Of a record of several frames that is rejected, so many may have been accepted all the same.
        """
        records = progress.records
        assert records is not None, "what is being sent is in memory"  # noqa: S101
        for start, stop in progress.settled.unsettled(settlement.end):
            first, end = max(start, settlement.first), min(stop, settlement.end)
            if first < end:
                progress.store.note(progress.number, progress.seed, Settlement(first, end, settlement.outcome))
                progress.settled.add(first, end)
                self._count(progress, settlement.outcome, records.count(first, end))
                if accepted:
                    flow = Counter({records.flows[first]: accepted})
                    self._count(progress, Outcome.ACKNOWLEDGED, flow)
                    self._uncount(progress, settlement.outcome, flow)

    def give_back(self) -> None:
        """Let go of segments that are done."""
        for progress in [progress for progress in self.progress if progress.is_done()]:
            self.came()
            self.progress = tuple(other for other in self.progress if other is not progress)
            self._retired_frames += progress.tally.frames
            self._let_go(progress, progress.gone)

    def put_away(self) -> None:
        """Let go of the memory of segments that will be sent much later."""
        for progress in self.progress[_MOST_MAPPED - 1 : -1]:
            segment = progress.records
            if isinstance(segment, Segment) and progress.store.outlives_process and not progress.in_flight:
                self.came()
                if progress.tally.records == segment.records:
                    self._retired_bytes += segment.end
                    progress.records = None
                    progress.store.put_away(segment)

    def read(self, progress: Progress, loaded: LoadedSegment) -> None:
        """Take what was read of a segment that was put away, or left by an earlier process."""
        if progress.origin is None:
            self._adopt(progress, loaded)
        progress.origin = loaded.header.origin
        progress.records = loaded
        for damage in loaded.damages:
            for first, end in progress.settled.unsettled(damage.end):
                if damage.first < end:
                    self.settle(progress, Settlement(max(first, damage.first), end, Outcome.DAMAGED))

    def _adopt(self, progress: Progress, loaded: LoadedSegment) -> None:
        """Count what an earlier process has not settled as if it had come now."""
        header = loaded.header
        progress.since -= max(0.0, (time.time_ns() - header.created_ns) / 1e9)
        progress.seed = header.seed
        for settlement in progress.store.settlements(progress.number, header.seed):
            for first, end in progress.settled.unsettled(min(settlement.end, loaded.records)):
                if settlement.first < end:
                    counts = loaded.count(max(first, settlement.first), end)
                    before = progress.before.get(settlement.outcome, Counter())
                    progress.before = {**progress.before, settlement.outcome: before + counts}
            progress.settled.add(settlement.first, settlement.end)
        left = progress.settled.unsettled(loaded.records)
        flows = sum((loaded.count(first, end) for first, end in left), Counter[int]())
        progress.tally = Tally(loaded.records, flows.total(), flows)
        self.adopted += flows
        self._came += flows

    def _count(self, progress: Progress, outcome: Outcome, counts: Counter[int]) -> None:
        progress.settled_frames += counts.total()
        progress.gone = {**progress.gone, outcome: progress.gone.get(outcome, Counter()) + counts}
        self.gone = {**self.gone, outcome: self.gone[outcome] + counts}

    def _uncount(self, progress: Progress, outcome: Outcome, counts: Counter[int]) -> None:
        progress.settled_frames -= counts.total()
        progress.gone = {**progress.gone, outcome: progress.gone[outcome] - counts}
        self.gone = {**self.gone, outcome: self.gone[outcome] - counts}

    def discard(self, progress: Progress) -> None:
        """Let go of a segment that does not say what it is."""
        self.progress = tuple(other for other in self.progress if other is not progress)
        progress.store.discard(progress.number)

    def close(self) -> None:
        """Leave what is here to the next process."""
        self.head.limit = 0
        self.progress[-1].sealed = True
        self.give_back()
        for store in self._stores:
            store.close()

    def _let_go(self, progress: Progress, gone: dict[Outcome, Counter[int]]) -> None:
        segment = progress.records if isinstance(progress.records, Segment) else None
        if segment is not None:
            self._retired_bytes += segment.end
        both = {outcome: gone.get(outcome, Counter()) + progress.before.get(outcome, Counter()) for outcome in Outcome}
        named = {outcome: self.names.named(counts) for outcome, counts in both.items()}
        progress.store.retire(progress.number, segment, named)

    def _progress(self, segment: Segment) -> Progress:
        return Progress(
            store=self._stores[0],
            number=segment.number,
            size=segment.layout.size,
            since=time.monotonic(),
            origin=self.generation.origin,
            seed=segment.seed,
            records=segment,
        )

    def _left(self, store: Store, number: int) -> Progress:
        return Progress(store=store, number=number, size=store.size(number), since=time.monotonic(), sealed=True)

    def _new_segment(self, layout: Layout) -> Segment:
        spare = self._spare
        if spare is None or spare.layout != layout:
            self._spare = spare = self._stores[0].new(self._next_number, layout)
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
