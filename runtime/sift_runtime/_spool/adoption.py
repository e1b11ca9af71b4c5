"""Segments that are read again: put away by this process, or left by an earlier one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from sift_runtime._spool.loaded import LoadedSegment
from sift_runtime._spool.progress import Progress, Tally
from sift_runtime._spool.settlements import Outcome, Settlement
from sift_runtime._spool.tallies import Tallies

__all__ = ["take_in"]


def take_in(
    progress: Progress, loaded: LoadedSegment, tallies: Tallies, settle: Callable[[Progress, Settlement], None]
) -> None:
    """Go on with what was read of a segment; what is damaged in it is settled as that."""
    if progress.origin is not None:
        _take_back(progress, loaded, tallies)
        return
    _adopt(progress, loaded, tallies)
    progress.origin = loaded.header.origin
    progress.records = loaded
    for damage in loaded.damages:
        for first, end in progress.settled.unsettled(damage.end):
            if damage.first < end:
                settle(progress, Settlement(max(first, damage.first), end, Outcome.DAMAGED))


def _take_back(progress: Progress, loaded: LoadedSegment, tallies: Tallies) -> None:
    """Go on with what has been counted before: what is not whole any more counts as damaged under its own flows.

    What stands behind the last record that was counted is no record of ours, and what is missing before it is damaged.
    """
    counted = progress.tally.records
    loaded.records = min(loaded.records, counted)
    damaged = [(damage.first, min(damage.end, counted)) for damage in loaded.damages if damage.first < counted]
    if loaded.records < counted:
        damaged.append((loaded.records, counted))
    for first, end in damaged:
        progress.store.note(progress.number, progress.seed, Settlement(first, end, Outcome.DAMAGED))
        progress.settled.add(first, end)
    whole = (loaded.count(first, end) for first, end in progress.settled.unsettled(loaded.records))
    lost = progress.left() - sum(whole, Counter[int]())
    progress.taken = min(progress.taken, loaded.records)
    progress.records = loaded
    if lost:
        tallies.count(progress, Outcome.DAMAGED, lost)


def _adopt(progress: Progress, loaded: LoadedSegment, tallies: Tallies) -> None:
    """Count what an earlier process has not settled as if it had come now."""
    header = loaded.header
    progress.since = min(progress.since, time.monotonic() - max(0.0, (time.time_ns() - header.created_ns) / 1e9))
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
    progress.unread = 0
    tallies.adopt(flows)
