"""The ledger as numbers: worked out from the segments that are there and from the outcomes of those that are gone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sift_runtime._spool.settlements import Outcome
from sift_runtime._spool.shelf import Shelf
from sift_runtime._stats import FlowStats, State, Stats

__all__ = ["Work", "stats_of"]

_FIELDS: Final = {
    Outcome.ACKNOWLEDGED: "acknowledged",
    Outcome.REJECTED: "rejected",
    Outcome.DROPPED_OLDEST: "dropped_oldest",
    Outcome.DROPPED_NEWEST: "dropped_newest",
    Outcome.DROPPED_FOR_AGE: "dropped_for_age",
    Outcome.DAMAGED: "damaged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The part of Stats that the shelf does not know."""

    state: State
    last_acknowledged: datetime | None
    batches: int
    retries: int
    sender_restarts: int
    serialization_errors: int


class _Flows(Mapping[str, FlowStats]):
    """The ledger by flow, worked out where it is looked at: packages may have hundreds of flows."""

    def __init__(self, names: list[str], counts: Mapping[str, Counter[int]]) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}
        self._counts = counts

    def __getitem__(self, name: str) -> FlowStats:
        number = self._numbers[name]
        return FlowStats(**{field: counts[number] for field, counts in self._counts.items()})

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        return repr(dict(self))


def _trouble(shelf: Shelf) -> str | None:
    if shelf.maker.trouble is not None:
        return str(shelf.maker.trouble)
    left = shelf.only_in_memory
    return f"{left} readings are in memory still, from when the disk took none" if left else None


def stats_of(shelf: Shelf, work: Work) -> Stats:
    """Return where everything is; whoever calls holds the spool's lock.

    What came and what is here still is counted by the segments' records, what became of the rest when it was settled:
    that both agree is what `unaccounted` shows.
    """
    now, came = time.monotonic(), shelf.came()
    left = [progress for progress in shelf.progress if progress.here or progress.unread]
    counts = {_FIELDS[outcome]: flows for outcome, flows in shelf.tallies.gone.items()}
    totals = {name: flows.total() for name, flows in counts.items()}
    unaccounted = shelf.frames_that_came() - shelf.frames_here() - sum(totals.values())
    counts["in_spool"] = came - sum(counts.values(), Counter[int]())
    counts["adopted"] = shelf.tallies.adopted
    counts["tracked"] = came - shelf.tallies.adopted
    for name in ("in_spool", "adopted", "tracked"):
        totals[name] = counts[name].total()
    return Stats(
        flows=_Flows(shelf.names.all(), counts),
        unaccounted=unaccounted,
        spool_bytes=shelf.size(),
        degraded=_trouble(shelf),
        unread=sum(each.unread for each in shelf.progress),
        in_memory=sum(each.here for each in shelf.progress if not each.is_on_disk),
        oldest_age=max((now - each.oldest_since() for each in left), default=None),
        encoded_bytes=shelf.encoded_bytes,
        state=work.state,
        last_acknowledged=work.last_acknowledged,
        batches=work.batches,
        retries=work.retries,
        sender_restarts=work.sender_restarts,
        serialization_errors=work.serialization_errors,
        **totals,
    )
