"""Segments beside the head: for what was made before the config id or the run changed, and comes after that."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sift_runtime._generation import Generation
from sift_runtime._spool.holding import Holding, trim_segment
from sift_runtime._spool.progress import Progress
from sift_runtime._spool.segment import Segment

__all__ = ["Beside", "HoldingBeside"]


@dataclass(slots=True, eq=False)
class Beside:
    """One writer's segment for a generation, once that is not what the head is for any more."""

    generation: Generation
    progress: Progress | None = None


class HoldingBeside(Holding):
    """A segment holds records of one generation: what others append goes on into the head meanwhile."""

    def open_one(self, beside: Beside) -> Segment | None:
        """Return the writer's segment; None where it has none, or it is gone."""
        progress = beside.progress
        if progress is None or progress not in self.progress:
            return None
        return progress.records if isinstance(progress.records, Segment) else None

    def begin_beside(self, beside: Beside, size: int) -> None:
        """Begin another segment for the writer, with room for so many bytes; what it had gets sealed."""
        self.seal(beside)
        while True:
            seen, generation = self.progress, beside.generation
            store, new = self.maker.take(self._layout_for(size), self._size_in_memory())
            try:
                self._begin(new, generation)
            except BaseException:
                self.maker.put_back(store, new)
                raise
            added = self._progress(store, new, generation)
            # No call from here on.
            if self.progress is seen:
                beside.progress = added
                self.progress = (*seen[:-1], added, seen[-1])
                return
            self.maker.put_back(store, new)  # a handler has changed something meanwhile

    def seal(self, beside: Beside) -> None:
        """Have nothing more appended to the writer's segment."""
        progress, segment, now = beside.progress, self.open_one(beside), time.monotonic()
        # No call from here on.
        beside.progress = None
        if progress is None or segment is None:
            return
        segment.sealed = True
        progress.sealed_at = now
        progress.sealed = True
        # All of it has changed.
        trim_segment(progress, segment)
        self.give_back()
