"""Records one behind the other, as they are read: from the memory they are written to, or from a file."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter

__all__ = ["Records"]


class Records:
    """Frames, and where those of each record end."""

    __slots__ = ("blocks", "flows", "payload", "words")

    def __init__(self, words: memoryview | array[int], payload: memoryview, flows: array[int]) -> None:
        """Read these words and this payload; see layout."""
        self.words = words
        self.payload = payload
        self.flows = flows
        """The number of each record's flow; not on disk, as the frames say it."""
        self.blocks: dict[int, int] = {}
        """How many frames are in the records that hold several."""

    def start_of(self, record: int) -> int:
        """Return where a record's frames begin in the payload."""
        return self.words[record - 1] >> 32 if record else 0

    def end_of_bytes(self, first: int, end: int, most_bytes: int) -> int:
        """Return the end of the fewest records from `first` on that take so many bytes, or of all up to `end`."""
        full = self.start_of(first) + most_bytes
        return min(end, bisect_left(self.words, full << 32, first, end) + 1)

    def frames(self, first: int, end: int) -> memoryview:
        """Return the frames of records as one slice of the mapping, which is no copy."""
        return self.payload[self.start_of(first) : self.start_of(end)]

    def count(self, first: int, end: int) -> Counter[int]:
        """Return how many frames of each flow these records hold."""
        flows = self.flows[first:end]
        one = flows[:1]
        # Most often all are of one flow, which comparing bytes tells many times faster than counting.
        is_one = flows.tobytes() == one.tobytes() * len(flows)
        counts = Counter({one[0]: len(flows)}) if is_one and flows else Counter(flows)
        for record, frames in self.blocks.items():
            if first <= record < end:
                counts[self.flows[record]] += frames - 1
        return counts
