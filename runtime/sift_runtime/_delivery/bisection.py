"""Finding the messages of a batch that a server refuses, so that all others are delivered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sift_runtime._errors import RequestError

__all__ = ["Findings", "RefusedInARow", "Ship", "bisect_batch"]

Ship: TypeAlias = Callable[[int, int], Awaitable[RequestError | None]]
"""Sends the messages from the first number up to the second; returns the server's refusal, or None for its OK."""

_Part: TypeAlias = tuple[int, int, RequestError | None]

_FEW: Final = 2
_SUSPICIOUS: Final = 16
"""So many refused one by one, and none accepted in between, may mean that all are refused: the schema, not the data."""
_PROBES: Final = 4


@dataclass(slots=True)
class RefusedInARow:
    """How many messages of one schema were refused one by one since one was last accepted, in whatever batches."""

    count: int = 0


@dataclass(slots=True)
class Findings:
    """What became of a batch's messages, by their numbers in it."""

    accepted: list[tuple[int, int]] = field(default_factory=list)
    refused: dict[int, RequestError] = field(default_factory=dict)
    schema: RequestError | None = None
    """Set where most messages are refused; then not all have been looked at."""


async def bisect_batch(count: int, refusal: RequestError, ship: Ship, row: RefusedInARow | None = None) -> Findings:
    """Halve a refused batch of so many messages until those that are refused stand alone.

    Takes about log2 n streams for each message that is refused, and never more than 2 log2 n + 1. Where one refusal
    follows the other, here and in the batches before (`row`), a few of the messages that have not been looked at are
    tried; if they are refused, too, or none are left, it is the schema.
    """
    return await _Bisection(ship, row or RefusedInARow()).run(count, refusal)


class _Bisection:
    def __init__(self, ship: Ship, row: RefusedInARow) -> None:
        self._ship = ship
        self._found = Findings()
        self._row = row
        # What is left, the next last: messages, and their refusal if they have been tried together.
        self._open: list[_Part] = []

    async def run(self, count: int, refusal: RequestError) -> Findings:
        self._open.append((0, count, refusal))
        while self._open and self._found.schema is None:
            first, end, error = self._open.pop()
            if error is None:
                await self._try(first, self._joined(end))
            elif end - first == 1:
                await self._refuse(first, error)
            else:
                await self._halve(first, end, error)
        return self._found

    async def _halve(self, first: int, end: int, error: RequestError) -> None:
        """Try the earlier half: if that is accepted, it is the later one that is refused."""
        middle = (first + end) // 2
        earlier = await self._ship_and_note(first, middle)
        if earlier is not None:
            self._open += [(middle, end, None), (first, middle, earlier)]
        elif end - middle > 1:
            self._open.append((middle, end, error))
        else:
            await self._try(middle, end)  # for its own words

    def _joined(self, end: int) -> int:
        """Join what has not been tried while few are refused: it is most likely accepted as a whole."""
        while (
            self._open and self._open[-1][0] == end and self._open[-1][2] is None and len(self._found.refused) <= _FEW
        ):
            _, end, _ = self._open.pop()
        return end

    async def _try(self, first: int, end: int) -> None:
        error = await self._ship_and_note(first, end)
        if error is not None:
            self._open.append((first, end, error))

    async def _ship_and_note(self, first: int, end: int) -> RequestError | None:
        error = await self._ship(first, end)
        if error is None:
            self._found.accepted.append((first, end))
            self._row.count = 0
        return error

    async def _refuse(self, number: int, error: RequestError) -> None:
        self._found.refused[number] = error
        self._row.count += 1
        if self._row.count < _SUSPICIOUS:
            return
        for probe in self._probes():
            if not await self._is_refused(probe):
                return
        self._found.schema = error

    async def _is_refused(self, number: int) -> bool:
        """Try one of those that wait to be looked at; taken out of them if it is accepted."""
        if await self._ship_and_note(number, number + 1) is not None:
            return True
        self._open = [rest for part in self._open for rest in _without(part, number)]
        return False

    def _probes(self) -> list[int]:
        """Return messages from all over what is left."""
        left = [number for first, end, _ in self._open for number in range(first, end)]
        step = max(1, len(left) // _PROBES)
        return left[step // 2 :: step][:_PROBES]


def _without(part: _Part, number: int) -> list[_Part]:
    first, end, _ = part
    if not first <= number < end:
        return [part]
    # Later below earlier, as everywhere; what they are refused for may have been in either.
    return [(start, stop, None) for start, stop in ((number + 1, end), (first, number)) if start < stop]
