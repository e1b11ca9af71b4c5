"""The segments that hold what waits, the oldest first, and room for more: made, dropped, given back."""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from sift_runtime._generation import Generation
from sift_runtime._spool.adoption import take_in
from sift_runtime._spool.layout import HEADERS_SIZE, Layout, SegmentHeader
from sift_runtime._spool.loaded import LoadedSegment
from sift_runtime._spool.maker import SegmentMaker
from sift_runtime._spool.names import FlowNames
from sift_runtime._spool.progress import Progress
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.store import MemoryStore, Store
from sift_runtime._spool.tallies import Tallies

__all__ = ["Shelf"]

_log: Final = logging.getLogger("sift_runtime")
_SEGMENTS: Final = 16
_LARGEST_SEGMENT: Final = 4 * 1024 * 1024
_SMALLEST_SEGMENT: Final = 64 * 1024
_MOST_MAPPED: Final = 3
_MEMORY_IN_TROUBLE: Final = 64 * 1024 * 1024


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
        self.tallies = Tallies()
        self._stores = stores
        self._layout = Layout.of_size(max(_SMALLEST_SEGMENT, min(_LARGEST_SEGMENT, capacity_bytes // _SEGMENTS)))
        left = [(store, store.numbers()) for store in stores]
        own = stores[0]
        self.maker = SegmentMaker(own, MemoryStore(own.keep), min(capacity_bytes, _MEMORY_IN_TROUBLE))
        self.progress: tuple[Progress, ...] = tuple(
            self._left(store, number) for store, numbers in reversed(left) for number in numbers
        )
        self.head: Segment
        self._add_head(self._layout)

    def begin_generation(self, generation: Generation) -> None:
        """Append to a new segment from now on, for another config or run."""
        self.generation = generation
        self.roll(0)

    def roll(self, size: int) -> None:
        """Make the head a segment with room for so many bytes, wherever there is room for it."""
        self._add_head(self._layout_for(size))

    def size(self) -> int:
        """Return how many bytes all segments take."""
        return sum(progress.size for progress in self.progress)

    def is_full(self, size: int) -> bool:
        """Whether there is no room for one more segment, for a record of this size; two there may always be."""
        if len(self.progress) == 1:
            return False
        return self.size() + max(size, self._layout.size) > self.capacity_bytes or not self.maker.prepare(
            self._layout_for(size), self._size_in_memory()
        )

    def drop_oldest(self) -> int:
        """Drop the oldest segment of which nothing is being sent; returns the number of frames dropped."""
        trouble = self.maker.trouble is not None and self.size() + self._layout.size <= self.capacity_bytes
        if trouble and not self.maker.lacks_space:  # only what is in memory makes room
            return self._drop(Outcome.DROPPED_OLDEST, lambda progress: not progress.is_on_disk)
        return self._drop(Outcome.DROPPED_OLDEST, lambda _: True)

    def drop_older(self, longest: float) -> int:
        """Drop the oldest segment if all of it is older than so many seconds; returns the number of frames dropped."""
        until = time.monotonic() - longest
        return self._drop(Outcome.DROPPED_FOR_AGE, lambda progress: progress.sealed_at < until)

    def head_age(self) -> float:
        """Return for how many seconds the head has been appended to; 0 while it is empty."""
        return time.monotonic() - self.progress[-1].since if self.head.records else 0.0

    def came(self) -> Counter[int]:
        """Return how many frames of each flow have come, those of earlier processes included."""
        return self.tallies.came(self.progress)

    def frames_that_came(self) -> int:
        """Return how many frames came() went over, by the numbers of records."""
        return self.tallies.retired_frames + sum(progress.tally.frames for progress in self.progress)

    def frames_here(self) -> int:
        """Return how many of them are not settled."""
        return sum(progress.here for progress in self.progress)

    @property
    def encoded_bytes(self) -> int:
        """Bytes of all frames that this process has appended."""
        segments = (progress.records for progress in self.progress)
        return self.tallies.retired_bytes + sum(each.end for each in segments if isinstance(each, Segment))

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
                self.tallies.count(progress, settlement.outcome, records.count(first, end))
                if accepted:
                    flow = Counter({records.flows[first]: accepted})
                    self.tallies.count(progress, Outcome.ACKNOWLEDGED, flow)
                    self.tallies.uncount(progress, settlement.outcome, flow)

    def give_back(self) -> None:
        """Let go of segments that are done."""
        for progress in [progress for progress in self.progress if progress.is_done()]:
            self.came()
            self.progress = tuple(other for other in self.progress if other is not progress)
            self._let_go(progress, progress.gone)

    def put_away(self, *, synced_only: bool) -> None:
        """Let go of the memory of segments that will be sent much later, and of their files."""
        for progress in self.progress[_MOST_MAPPED - 1 : -1]:
            segment = progress.records
            if isinstance(segment, Segment) and progress.is_on_disk and not progress.in_flight:
                if synced_only and progress.synced < segment.records:
                    continue
                self.came()
                if progress.tally.records == segment.records:
                    self.tallies.put_away(progress)
                    progress.records = None
                    progress.store.put_away(segment)

    def load(self, progress: Progress) -> None:
        """Read a segment here and now, in spite of the lock."""
        try:
            loaded = progress.store.load(progress.number, self.names.number)
        except FileNotFoundError:
            self.vanished(progress)
        except OSError as error:
            progress.cannot_be_read(error)
        else:
            self.read(progress, loaded)

    def read(self, progress: Progress, loaded: LoadedSegment | None) -> None:
        """Take what was read of a segment that was put away, or left by an earlier process; None: nothing could be."""
        if loaded is None:
            self.discard(progress)
            return
        if loaded.damages:
            progress.store.quarantine(progress.number, loaded)
        take_in(progress, loaded, self.tallies, self.settle)

    def vanished(self, progress: Progress) -> None:
        """Count what was in a segment whose file somebody has removed."""
        _log.error("spool segment %d is gone, and what was left in it", progress.number)
        left = progress.tally.flows - sum(progress.gone.values(), Counter[int]())
        self.tallies.count(progress, Outcome.DAMAGED, left)
        self.progress = tuple(other for other in self.progress if other is not progress)
        self._let_go(progress, progress.gone)

    def discard(self, progress: Progress) -> None:
        """Let go of a segment that does not say what it is."""
        self.progress = tuple(other for other in self.progress if other is not progress)
        progress.store.discard(progress.number)

    def close(self) -> None:
        """Leave what is here to the next process."""
        self.head.limit = 0
        self.progress[-1].sealed = True
        self.give_back()
        self.maker.close()
        for store in self._stores:
            store.close()

    def _add_head(self, layout: Layout) -> None:
        seen = self.progress
        self.maker.prepare(layout, self._size_in_memory(), force=True)
        assert self.maker.spare is not None, "it was forced to"  # noqa: S101
        store, new = self.maker.spare
        self._begin(new)
        added, old, now = self._progress(store, new), self._newest(), time.monotonic()
        # No call from here on.
        if self.progress is seen:
            if old is not None:
                old.limit = 0
                seen[-1].sealed = True
                seen[-1].sealed_at = now
            self.head = new
            self.progress = (*seen, added)
            self.maker.spare = None

    def _newest(self) -> Segment | None:
        return getattr(self, "head", None)

    def _layout_for(self, size: int) -> Layout:
        if size <= self._layout.payload_bytes:
            return self._layout
        return Layout.of_size(size + size // 4 + 2 * HEADERS_SIZE)

    def _size_in_memory(self) -> int:
        return sum(progress.size for progress in self.progress if not progress.is_on_disk)

    def _drop(self, outcome: Outcome, may_go: Callable[[Progress], bool]) -> int:
        self.came()
        tallies, seen, gone = self.tallies, self.progress, self.tallies.gone
        candidates = (each for each in seen[:-1] if not each.in_flight and not each.is_unreadable and may_go(each))
        victim = next(candidates, None)
        if victim is None:
            return 0
        if victim.origin is None:  # nobody has counted what is in it
            self.load(victim)
            return self._drop(outcome, may_go)
        dropped = victim.tally.flows - sum(victim.gone.values(), Counter[int]())
        rest = tuple(progress for progress in seen if progress is not victim)
        left = {**gone, outcome: gone[outcome] + dropped}
        # No call from here on.
        if self.progress is seen and tallies.gone is gone:
            self.progress, tallies.gone = rest, left
            self._let_go(victim, {**victim.gone, outcome: dropped})
            self.maker.try_again()
            return victim.tally.frames
        return 0

    def _let_go(self, progress: Progress, gone: dict[Outcome, Counter[int]]) -> None:
        self.tallies.retire(progress)
        segment = progress.records if isinstance(progress.records, Segment) else None
        both = {outcome: gone.get(outcome, Counter()) + progress.before.get(outcome, Counter()) for outcome in Outcome}
        named = {outcome: self.names.named(counts) for outcome, counts in both.items()}
        progress.store.retire(progress.number, segment, named)

    def _progress(self, store: Store, segment: Segment) -> Progress:
        return Progress(
            store=store,
            number=segment.number,
            size=segment.layout.size,
            since=time.monotonic(),
            origin=self.generation.origin,
            seed=segment.seed,
            records=segment,
        )

    def _left(self, store: Store, number: int) -> Progress:
        now = time.monotonic()
        age = max(0.0, time.time() - store.changed(number))
        return Progress(
            store=store,
            number=number,
            size=store.size(number),
            since=now - age,
            is_adopted=True,
            sealed=True,
            sealed_at=now - age,
        )

    def _begin(self, segment: Segment) -> None:
        header = SegmentHeader(
            number=segment.number,
            seed=secrets.randbits(32),
            layout=segment.layout,
            created_ns=time.time_ns(),
            origin=self.generation.origin,
        )
        segment.begin(header, self.generation.makers)
