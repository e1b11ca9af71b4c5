"""From a batch to its outcome: shipped until the server has judged every message of it."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias

from sift_runtime._delivery.bisection import Findings, bisect_batch
from sift_runtime._delivery.dead_letters import DeadLetter
from sift_runtime._errors import RequestError
from sift_runtime._frames import frame_ends, messages
from sift_runtime._origin import Origin
from sift_runtime._spool.progress import Batch
from sift_runtime._spool.spool import Spool

__all__ = ["Attempt", "Delivery", "StoppedError"]

_log: Final = logging.getLogger("sift_runtime")

Attempt: TypeAlias = Callable[[memoryview, Origin, int], RequestError | None]
"""Ships frames of an origin, so many, until the server has judged them: returns None for OK, or its refusal.

Raises StoppedError where the sender ends before that.
"""


class StoppedError(Exception):
    """The sender ends; what is not settled stays in the spool."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers batches by an attempt for each part; `hold` waits where the server refuses whatever it is sent."""

    spool: Spool
    attempt: Attempt
    hold: Callable[[RequestError, int], None]

    def deliver(self, batch: Batch) -> None:
        """Settle every record of a batch, or let StoppedError pass; what is not settled then stays in the spool."""
        try:
            rest: Batch | None = batch
            while rest is not None:
                rest = self._deliver(rest)
        finally:
            self.spool.landed(batch)

    def _deliver(self, batch: Batch) -> Batch | None:
        """Return what has to be tried again later."""
        refusal = self.attempt(batch.frames, batch.origin, batch.count)
        if refusal is None:
            self.spool.acknowledge(batch)
            return None
        ends = [0, *frame_ends(batch.frames)]

        def ship(first: int, end: int) -> RequestError | None:
            return self.attempt(batch.frames[ends[first] : ends[end]], batch.origin, end - first)

        findings = bisect_batch(batch.count, refusal, ship) if batch.count > 1 else Findings(refused={0: refusal})
        if findings.schema is not None:
            rest = self.spool.acknowledge_some(batch, _accepted_records(batch, findings))
            self.hold(findings.schema, rest.count)
            return rest
        if findings.refused:
            self._reject(batch, findings, ends)
        else:  # what was refused together was accepted in parts
            self.spool.acknowledge(batch)
        return None

    def _reject(self, batch: Batch, findings: Findings, ends: list[int]) -> None:
        refused = sorted(findings.refused)
        letters = [
            DeadLetter.of(next(messages(batch.frames[ends[at] : ends[at + 1]])), findings.refused[at]) for at in refused
        ]
        first = letters[0]
        _log.error(
            "the server refused %d of %d flows for good, for example one of %r: %s: %s",
            len(letters),
            batch.count,
            first.flow,
            first.code,
            first.words,
        )
        starts = _starts(batch)
        self.spool.reject(batch, Counter(batch.first + bisect_right(starts, at) - 1 for at in refused), letters)


def _accepted_records(batch: Batch, findings: Findings) -> list[int]:
    """Return the records of which every message was accepted."""
    accepted = {number for first, end in findings.accepted for number in range(first, end)}
    starts = _starts(batch)
    pairs = zip(starts, [*starts[1:], batch.count], strict=True)
    return [batch.first + at for at, (start, stop) in enumerate(pairs) if accepted.issuperset(range(start, stop))]


def _starts(batch: Batch) -> list[int]:
    """Return the number of each record's first message."""
    frames = (batch.frames_of(record) for record in range(batch.first, batch.end))
    return list(accumulate(frames, initial=0))[:-1]
