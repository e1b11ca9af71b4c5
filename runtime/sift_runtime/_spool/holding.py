"""The segments that hold what waits, the oldest first: begun, settled, given back."""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol, TypeAlias

from sift_runtime._errors import SettingsError
from sift_runtime._generation import Generation
from sift_runtime._spool.layout import HEADERS_SIZE, Layout, SegmentHeader
from sift_runtime._spool.left import left_in
from sift_runtime._spool.maker import SegmentMaker
from sift_runtime._spool.names import FlowNames
from sift_runtime._spool.progress import Progress
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.store import MemoryStore, Store
from sift_runtime._spool.tallies import Tallies

__all__ = ["Holding", "trim_segment"]

_log: Final = logging.getLogger("sift_runtime")
_SEGMENTS: Final = 16
_LARGEST_SEGMENT: Final = 4 * 1024 * 1024
_SMALLEST_SEGMENT: Final = 64 * 1024
_GROWTH: Final = 4
_MEMORY_IN_TROUBLE: Final = 64 * 1024 * 1024


_Gone: TypeAlias = dict[Outcome, Counter[int]]


class _Holder(Protocol):
    head: Segment


class Holding:
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
        self._layouts = tuple(map(Layout.of_size, _sizes(min(_LARGEST_SEGMENT, capacity_bytes // _SEGMENTS))))
        """From small to large: what a generation begins with, and what it goes on with as more and more comes."""
        self._step = 0
        """Which of them is next."""
        own = stores[0]
        self.maker = SegmentMaker(own, MemoryStore(own.keep), min(capacity_bytes, _MEMORY_IN_TROUBLE))
        self.progress: tuple[Progress, ...] = tuple(left for store in reversed(stores) for left in left_in(store))
        self.head: Segment
        self.holder: _Holder = self
        """Whoever wants to have the head, too, at the same instant."""
        self._newest: Segment | None = None
        self._add_head(self._layouts[0])

    def roll(self, size: int) -> None:
        """Make the head a segment with room for so many bytes, wherever there is room for it."""
        is_unused = not self.head.records
        self._add_head(self._layout_for(size))
        if is_unused:
            self.give_back()

    def size(self) -> int:
        """Return how many bytes all segments take."""
        return sum(progress.size for progress in self.progress)

    def came(self) -> Counter[int]:
        """Return how many frames of each flow have come, those of earlier processes included."""
        return self.tallies.came(self.progress)

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
            if self._remove(progress, progress.gone):
                with suppress(OSError):  # counted in this process all the same
                    self._note_turned_away()

    def close(self) -> None:
        """Leave what is here to the next process; what the disk does not take any more is logged, and left as it is."""
        self.head.limit = 0
        self.progress[-1].sealed = True
        for leave in (
            self.give_back,
            self._note_turned_away,
            self._close_files,
            self.maker.close,
            *(store.close for store in self._stores),
        ):
            try:
                leave()
            except OSError as error:
                _log.error("something in the spool could not be closed in good order: %s", error)

    def _note_turned_away(self) -> None:
        """Count what was in no segment in the ledger on disk: when a segment goes, and at the end."""
        turned_away = self.tallies.turned_away_since()
        if turned_away:
            self._stores[0].count({Outcome.DROPPED_NEWEST: self.names.named(turned_away)})

    def _close_files(self) -> None:
        for progress in self.progress:
            if isinstance(progress.records, Segment):
                progress.records.close()

    def _add_head(self, layout: Layout, generation: Generation | None = None, *, takes_nothing: bool = False) -> None:
        """Begin another segment, for what records are made with now or, with it, for another generation."""
        while True:
            seen, made_with = self.progress, generation or self.generation
            store, new = self.maker.take(layout, self._size_in_memory())
            try:
                self._begin(new, made_with)
            except SettingsError:
                self.maker.put_back(store, new)
                raise
            new.sealed = takes_nothing
            added, old, now = self._progress(store, new, made_with), self._newest, time.monotonic()
            step = min(1 if generation else self._step + 1, len(self._layouts) - 1)
            # No call from here on: a signal's handler sees either all of it or nothing.
            if self.progress is seen and self._newest is old:
                if old is not None:
                    old.limit = 0
                    old.sealed = True
                    seen[-1].sealed = True
                    seen[-1].sealed_at = now
                self._step = step
                self.generation = made_with
                self.holder.head = self.head = self._newest = new
                self.progress = (*seen, added)
                # All of it has changed.
                if old is not None:
                    trim_segment(seen[-1], old)
                return
            self.maker.put_back(store, new)  # a handler has added one meanwhile

    def _remove(self, progress: Progress, gone: _Gone, exchange: tuple[_Gone, _Gone] | None = None) -> bool:
        """Take a segment off and count what was in it, of which this is gone; False where it has changed meanwhile.

        `exchange` has the sums of what is gone from all segments, as they are and as they will be.
        """
        seen, tallies, tally = self.progress, self.tallies, progress.tally
        rest = tuple(other for other in seen if other is not progress)
        records = progress.records
        segment = records if isinstance(records, Segment) else None
        appended = 0 if segment is None else segment.end
        both = {outcome: gone.get(outcome, Counter()) + progress.before.get(outcome, Counter()) for outcome in Outcome}
        named = {outcome: self.names.named(counts) for outcome, counts in both.items()}
        is_here = len(rest) < len(seen)
        before, after = exchange or (tallies.gone, tallies.gone)
        # No call from here on.
        if not is_here or self.progress is not seen or progress.tally is not tally or progress.records is not records:
            return False
        if tallies.gone is not before:
            return False
        self.progress = rest
        tallies.gone = after
        tallies.retired_frames += tally.frames
        tallies.retired_bytes += appended
        # All of it has changed.
        progress.store.retire(progress.number, segment, named)
        return True

    def _layout_for(self, size: int) -> Layout:
        fitting = (layout for layout in self._layouts[self._step :] if size <= layout.payload_bytes)
        return next(fitting, None) or Layout.of_size(size + size // 4 + 2 * HEADERS_SIZE)

    def _size_in_memory(self) -> int:
        return sum(progress.size for progress in self.progress if not progress.is_on_disk)

    def _progress(self, store: Store, segment: Segment, generation: Generation) -> Progress:
        return Progress(
            store=store,
            number=segment.number,
            size=segment.layout.size,
            since=time.monotonic(),
            origin=generation.origin,
            seed=segment.seed,
            records=segment,
        )

    def _begin(self, segment: Segment, generation: Generation) -> None:
        header = SegmentHeader(
            number=segment.number,
            seed=secrets.randbits(32),
            layout=segment.layout,
            created_ns=time.time_ns(),
            origin=generation.origin,
        )
        segment.begin(header, generation.makers)


def _sizes(largest: int) -> list[int]:
    sizes = [_SMALLEST_SEGMENT]
    while sizes[-1] < largest:
        sizes.append(min(largest, sizes[-1] * _GROWTH))
    return sizes


def trim_segment(progress: Progress, segment: Segment) -> None:
    """Give back what a segment that is sealed does not use."""
    with suppress(OSError):  # it stays as large as it is; or it has been let go of meanwhile
        progress.size = progress.store.trim(segment)
