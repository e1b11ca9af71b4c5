"""The ledger: how many frames of each flow have come, and how they have left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sift_runtime._spool.progress import Progress
from sift_runtime._spool.settlements import Outcome

__all__ = ["Tallies"]


class Tallies:
    """Sums over all segments, those that are gone included. Whoever calls holds the spool's lock.

    A signal's handler may count after any call in here. So sums are worked out first and then exchanged with no call in
    between.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.gone: dict[Outcome, Counter[int]] = {outcome: Counter() for outcome in Outcome}
        """How many frames of each flow have left, and how."""
        self.adopted: Counter[int] = Counter()
        """How many frames of each flow an earlier process had left."""
        self.retired_bytes = self.retired_frames = 0
        """What was in segments that are gone."""
        self._came: Counter[int] = Counter()
        self._noted: Counter[int] = Counter()

    def came(self, segments: Iterable[Progress]) -> Counter[int]:
        """Return how many frames of each flow have come, those of earlier processes included."""
        for progress in segments:
            old, came = progress.tally, self._came
            new = progress.counted()
            if new is not old:
                more = came + (new.flows - old.flows)
                # No call from here on.
                if progress.tally is old and self._came is came:
                    progress.tally, self._came = new, more
        return self._came

    def adopt(self, flows: Counter[int]) -> None:
        """Count what an earlier process has left as if it had come now."""
        self.adopted += flows
        self._came += flows

    def turn_away(self, flow: int, count: int) -> None:
        """Count frames that were not even appended."""
        turned_away = Counter({flow: count})
        gone = {**self.gone, Outcome.DROPPED_NEWEST: self.gone[Outcome.DROPPED_NEWEST] + turned_away}
        came = self._came + turned_away
        # No call from here on.
        self.gone, self._came = gone, came
        self.retired_frames += count

    def turned_away_since(self) -> Counter[int]:
        """Return how many frames of each flow were turned away since this was last asked."""
        turned_away, noted = self.gone[Outcome.DROPPED_NEWEST], self._noted
        self._noted = turned_away
        return turned_away - noted

    def count(self, progress: Progress, outcome: Outcome, counts: Counter[int]) -> None:
        """Count what has left a segment."""
        progress.settled_frames += counts.total()
        progress.gone = {**progress.gone, outcome: progress.gone.get(outcome, Counter()) + counts}
        self.gone = {**self.gone, outcome: self.gone[outcome] + counts}

    def uncount(self, progress: Progress, outcome: Outcome, counts: Counter[int]) -> None:
        """Take that back."""
        progress.settled_frames -= counts.total()
        progress.gone = {**progress.gone, outcome: progress.gone[outcome] - counts}
        self.gone = {**self.gone, outcome: self.gone[outcome] - counts}
