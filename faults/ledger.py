"""Who has promised what, and what came of it: numbers that track() returned from, against numbers that arrived."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["SLOTS", "STRIDE", "AcceptedNumbers", "DeliveredNumbers", "Loss", "compare"]

STRIDE: Final = 5_000_000
"""A thread or process with slot s tracks the numbers from s * STRIDE on; all fit an int32."""
SLOTS: Final = 400


class AcceptedNumbers:
    """A file of one word of 8 bytes per slot: how many numbers track() has returned from.

    Written by a store into mapped memory, which is one instruction and outlives its process.
    """

    def __init__(self, path: Path) -> None:
        """Map the file; made if it is not there."""
        if not path.exists():
            path.write_bytes(bytes(8 * SLOTS))
        with path.open("r+b") as file:
            self.words = memoryview(mmap.mmap(file.fileno(), 8 * SLOTS)).cast("Q")

    def counts(self) -> dict[int, int]:
        """Return the count of each slot that was used."""
        return {slot: count for slot, count in enumerate(self.words) if count}

    def total(self) -> int:
        """Return how many numbers were accepted."""
        return sum(self.words)


class DeliveredNumbers:
    """How often each number arrived."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: dict[int, bytearray] = {}

    def add(self, numbers: Iterable[int]) -> None:
        """Count numbers."""
        for number in numbers:
            slot, at = divmod(number, STRIDE)
            counts = self._counts.setdefault(slot, bytearray())
            if at >= len(counts):
                counts.extend(bytes(at + 1024 - len(counts)))
            counts[at] = min(255, counts[at] + 1)

    def slot(self, slot: int) -> bytearray:
        """Return the counts of a slot's numbers."""
        return self._counts.get(slot, bytearray())

    def slots(self) -> Iterable[int]:
        """Return the slots that anything arrived of."""
        return self._counts.keys()


@dataclass(frozen=True, slots=True)
class Loss:
    """Numbers that were accepted and never arrived, that arrived more than once, and that nobody ever tracked."""

    accepted: int
    lost: int
    duplicates: int
    invented: int


def compare(accepted: dict[int, int], delivered: DeliveredNumbers, open_ended: int = 1) -> Loss:
    """Compare; of each slot, so many may have been tracked whose return nobody has noted, as the process was killed."""
    lost = duplicates = invented = 0
    for slot in {*accepted, *delivered.slots()}:
        count, arrived = accepted.get(slot, 0), delivered.slot(slot)
        within = arrived[:count]
        lost += count - len(within) + within.count(0)
        duplicates += sum(arrived) - (len(arrived) - arrived.count(0))
        invented += sum(1 for number in arrived[count + open_ended :] if number)
    return Loss(sum(accepted.values()), lost, duplicates, invented)
