"""The segments, and room for more of them: what is in them is counted, and dropped where it has to be."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from sift_runtime._generation import Generation
from sift_runtime._spool.copying import copy_of, new_seed
from sift_runtime._spool.layout import Layout, SegmentHeader
from sift_runtime._spool.progress import Progress
from sift_runtime._spool.rereading import Rereading
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlements import Outcome

__all__ = ["Shelf"]

_MOST_MOVED: Final = 2  # at once: others wait for the lock meanwhile


class Shelf(Rereading):
    """All that the spool holds; see Holding for what its methods have to mind."""

    def is_full(self, size: int) -> bool:
        """Whether there is no room for one more segment, for a record of this size; two there may always be."""
        return self._has_no_room_for(self._layout_for(size))

    def begin_generation(self, generation: Generation) -> None:
        """Append to a new segment from now on, for another config or run; raises SettingsError for one too wordy.

        Whether anything comes for it nobody knows, so it is small. Where there is no room for it, it takes nothing: the
        first record to come has to find some.
        """
        layout = self._layouts[0]
        self._add_head(layout, generation, takes_nothing=self._has_no_room_for(layout))

    def drop_oldest(self) -> int:
        """Drop the oldest segment of which nothing is being sent; returns the number of frames dropped."""
        trouble = self.maker.trouble is not None and self.size() + self._layout_for(0).size <= self.capacity_bytes
        if trouble and not self.maker.lacks_space:  # only what is in memory makes room
            return self._drop(Outcome.DROPPED_OLDEST, lambda progress: not progress.is_on_disk)
        return self._drop(Outcome.DROPPED_OLDEST, lambda _: True)

    def drop_older(self, longest: float) -> int:
        """Drop the oldest segment if all of it is older than so many seconds; returns the number of frames dropped."""
        until = time.monotonic() - longest
        return self._drop(Outcome.DROPPED_FOR_AGE, lambda progress: progress.sealed_at < until)

    def move_to_disk(self, *, sync: bool, at_end: bool = False) -> None:
        """Move the oldest segments that the disk could not take to it; at the end all of them, the head included.

        Not where the disk is in trouble still, but at the end that is tried once more.
        """
        if not self.maker.is_for_disk or not (at_end or self.maker.trouble is None):
            return
        if all(each.is_on_disk for each in self.progress):
            return
        self.came()
        waiting = [each for each in self.progress if not each.is_on_disk and each.here]
        if not at_end:
            waiting = [each for each in waiting if each.sealed and not each.in_flight][:_MOST_MOVED]
        for progress in waiting:
            if not self._move(progress, sync=sync, at_end=at_end):
                return

    def _move(self, progress: Progress, *, sync: bool, at_end: bool) -> bool:
        """Move a segment; False where the disk does not take it, or it has changed meanwhile."""
        segment, before, old_number = progress.records, progress.store, progress.number
        if not isinstance(segment, Segment) or progress.origin is None or progress.tally.records != segment.records:
            return False
        if at_end:  # who is in the middle of appending must not go on in memory that is nobody's any more
            segment.limit, segment.sealed = 0, True
        records, settled = segment.records, progress.settled_frames
        number, seed = self.maker.numbered(), new_seed()
        header = SegmentHeader(
            number=number, seed=seed, layout=segment.layout, created_ns=time.time_ns(), origin=progress.origin
        )
        settlements = tuple(before.settlements(old_number, progress.seed))
        taken_over = self.maker.take_over(copy_of(segment, header, settlements), sync=sync)
        if taken_over is None:
            return False
        store, size = taken_over
        seen = self.progress
        is_here = progress in seen
        # No call from here on: the handler of a signal may have sent it meanwhile, dropped it, or moved it.
        is_same = is_here and self.progress is seen and progress.records is segment and progress.store is before
        is_same = is_same and segment.records == records and progress.settled_frames == settled
        if is_same and (at_end or not progress.in_flight):
            progress.store, progress.number, progress.seed, progress.size = store, number, seed, size
            progress.records = None
            self.tallies.retired_bytes += segment.end
            # All of it has changed.
            before.retire(old_number, segment, {})
            return True
        store.give_up(number)
        return False

    @property
    def only_in_memory(self) -> int:
        """How many frames are in memory that are to be on disk."""
        return sum(each.here for each in self.progress if not each.is_on_disk) if self.maker.is_for_disk else 0

    def head_age(self) -> float:
        """Return for how many seconds the head has been appended to; 0 while it is empty."""
        return time.monotonic() - self.progress[-1].since if self.head.records else 0.0

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

    def _has_no_room_for(self, layout: Layout) -> bool:
        if len(self.progress) == 1:
            return False
        head = self.head
        used = head.used_size() if head.records else 0  # what is left of it once there is another
        size = self.size() - self.progress[-1].size + used + layout.size
        return size > self.capacity_bytes or not self.maker.prepare(layout, self._size_in_memory())

    def _drop(self, outcome: Outcome, may_go: Callable[[Progress], bool]) -> int:
        self.came()
        seen, gone = self.progress, self.tallies.gone
        sealed = (each for each in seen[:-1] if each.sealed and not each.in_flight and not each.is_unreadable)
        victim = next((each for each in sealed if may_go(each)), None)
        if victim is None:
            return 0
        if victim.origin is None:  # nobody has counted what is in it
            self.load(victim)
            return self._drop(outcome, may_go)
        dropped = victim.left()
        left = {**gone, outcome: gone[outcome] + dropped}
        victims_gone = {**victim.gone, outcome: dropped}
        frames = victim.tally.frames
        if not self._remove(victim, victims_gone, (gone, left)):
            return 0
        self.maker.try_again()
        return frames
