"""From a batch to its outcome: shipped until the server has judged every message of it."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Protocol

from sift_runtime._delivery.bisection import Findings, RefusedInARow, bisect_batch
from sift_runtime._errors import RequestError
from sift_runtime._frames import frame_ends, messages
from sift_runtime._spool.dead_letters import DeadLetter
from sift_runtime._spool.progress import Batch
from sift_runtime._spool.spool import Spool

__all__ = ["Attempt", "Delivery", "GivenBackError", "UndeliverableError"]

_log: Final = logging.getLogger("sift_runtime")


class Attempt(Protocol):
    """Ships frames of a batch, so many, until the server has judged them: returns None for OK, or its refusal.

    Raises StoppedError where the sender ends before that, UndeliverableError where no server can ever take them, and
    GivenBackError where a batch, if it is a `whole` one, is to be taken anew, later or smaller.
    """

    async def __call__(self, frames: memoryview, batch: Batch, count: int, *, whole: bool) -> RequestError | None: ...


class GivenBackError(Exception):
    """Nothing is settled: what was taken goes back to the spool."""


class UndeliverableError(Exception):
    """Nothing is left that could deliver these records; `refusal` says why."""

    def __init__(self, refusal: RequestError) -> None:
        """Keep it."""
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers batches by an attempt for each part.

    `row` is what was refused before, of the same schema. `hold` waits where the server refuses whatever it is sent,
    `wait_for_disk` where what it refused cannot be kept.
    """

    spool: Spool
    attempt: Attempt
    row: RefusedInARow
    hold: Callable[[RequestError, int], Awaitable[None]]
    wait_for_disk: Callable[[OSError], Awaitable[None]]

    async def deliver(self, batch: Batch) -> None:
        """Settle the records of a batch; what is not settled stays in the spool.

        Lets StoppedError pass.
        """
        try:
            await self._deliver(batch)
        except GivenBackError:
            pass
        except UndeliverableError as error:
            await self._reject(batch, dict.fromkeys(range(batch.count), error.refusal))
        finally:
            self.spool.landed(batch)

    async def _deliver(self, batch: Batch) -> None:
        refusal = await self.attempt(batch.frames, batch, batch.count, whole=True)
        if refusal is None:
            self.row.count = 0
            self.spool.acknowledge(batch)
            return
        ends = [0, *frame_ends(batch.frames)]

        async def ship(first: int, end: int) -> RequestError | None:
            frames = batch.frames[ends[first] : ends[end]]
            return await self.attempt(frames, batch, end - first, whole=False)

        findings = await bisect_batch(batch.count, refusal, ship, self.row)
        if findings.schema is not None:
            rest = self.spool.acknowledge_some(batch, _accepted_records(batch, findings))
            await self.hold(findings.schema, rest.count)
            raise GivenBackError  # taken anew with what has come meanwhile: one of these may be accepted
        if findings.refused:
            await self._reject(batch, findings.refused)
        else:  # what was refused together was accepted in parts
            self.spool.acknowledge(batch)

    async def _reject(self, batch: Batch, refusals: Mapping[int, RequestError]) -> None:
        refused = sorted(refusals)
        ends = [0, *frame_ends(batch.frames)]
        letters = [DeadLetter.of(next(messages(batch.frames[ends[at] : ends[at + 1]])), refusals[at]) for at in refused]
        starts = _starts(batch)
        records = Counter(batch.first + bisect_right(starts, at) - 1 for at in refused)
        try:
            self.spool.reject(batch, records, letters)
        except OSError as error:  # what was refused stays in the spool until it can be kept
            await self.wait_for_disk(error)
            raise GivenBackError from error
        _log_refusal(letters, batch.count)


def _log_refusal(letters: list[DeadLetter], count: int) -> None:
    first = letters[0]
    refused = "the server refused %d of %d flows for good, for example one of %r: %s: %s"
    _log.error(refused, len(letters), count, first.flow, first.code, first.words)


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
