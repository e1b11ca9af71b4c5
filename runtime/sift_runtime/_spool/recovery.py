"""Reading a segment that nobody vouches for: every whole record, and nothing that is not one."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct
from typing import Final
from zlib import crc32

from sift_runtime._frames import SMALLEST_FRAME
from sift_runtime._spool.layout import HEADERS_SIZE, WORD_SIZE, SegmentHeader

__all__ = ["Damage", "Recovered", "recover"]

_PREFIX: Final = Struct(">BI")
_MOST_SEARCHED: Final = 1 << 20  # positions of a segment at which a lost beginning is looked for
_MOST_TRIED: Final = 1 << 28  # bytes that are checked for it
_LARGEST_BLOCK: Final = 128 * 1024  # bytes of a record of several frames, with room to spare


@dataclass(frozen=True, slots=True)
class Damage:
    """Records that are not whole, and the stretch of the payload that they stood in."""

    first: int
    end: int
    start_byte: int
    end_byte: int


@dataclass(slots=True)
class Recovered:
    """What a segment holds: where each record ends, as words that can be trusted, and what is damaged."""

    words: array[int]
    damages: list[Damage] = field(default_factory=list)

    def whole(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of whole records, as first and end."""
        first = 0
        for damage in self.damages:
            if first < damage.first:
                yield first, damage.first
            first = damage.end
        if first < len(self.words):
            yield first, len(self.words)


def recover(header: SegmentHeader, content: memoryview) -> Recovered:
    """Check every record of a segment file; `content` is the file, of whatever length it has."""
    return _Recovery(header, content).run()


class _Recovery:
    def __init__(self, header: SegmentHeader, content: memoryview) -> None:
        layout = header.layout
        index = content[HEADERS_SIZE : layout.payload_start]
        self._seed = header.seed
        self._payload = content[layout.payload_start : layout.size]
        self._words = _committed_words(index)
        self._searched = self._tried = 0
        self._walk = _Walk(self._payload, 0)
        self._found = Recovered(self._words)

    def run(self) -> Recovered:
        words, end = self._words, 0
        record = 0
        while record < len(words):
            word = words[record]
            if self._is_whole(end, word):
                end = word >> 32
                record += 1
            else:
                record, end = self._skip_from(record, end)
        return self._found

    def _is_whole(self, start: int, word: int) -> bool:
        end = word >> 32
        if not start < end <= len(self._payload):
            return False
        return crc32(self._payload[start:end], self._seed) == word & 0xFFFF_FFFF

    def _skip_from(self, first: int, start: int) -> tuple[int, int]:
        """Note the damage that begins here; returns the next whole record and where it starts."""
        self._walk = _Walk(self._payload, start)
        for record in range(first + 1, len(self._words)):
            found = self._start_of(record, start)
            if found is not None:
                self._note(Damage(first, record, start, found))
                return record, found
        last = len(self._words)
        furthest = max(self._words[at] >> 32 for at in range(first, last))
        self._note(Damage(first, last, start, max(start, min(furthest, len(self._payload)))))
        return last, start

    def _start_of(self, record: int, after: int) -> int | None:
        """Find where a record starts whose predecessor is damaged; None if it is not whole either."""
        word = self._words[record]
        for start in self._candidates(record, after, word >> 32):
            if start < after:
                continue
            self._tried += (word >> 32) - start
            if self._is_whole(start, word):
                return start
        return None

    def _candidates(self, record: int, after: int, end: int) -> Iterator[int]:
        yield self._words[record - 1] >> 32
        if self._tried < _MOST_TRIED:
            yield from self._walk.starts(end)
        # Anywhere else a frame starts that ends where the record does: its length says so.
        payload = self._payload
        if end <= len(payload):
            for position in range(after + 1, end - _PREFIX.size + 1):
                self._searched += 1
                if self._searched > _MOST_SEARCHED:
                    return
                if _PREFIX.unpack_from(payload, position) == (0, end - position - _PREFIX.size):
                    yield position

    def _note(self, damage: Damage) -> None:
        """Keep a damage; its words are made to lead over it."""
        self._found.damages.append(damage)
        for record in range(damage.first, damage.end):
            self._words[record] = damage.end_byte << 32


class _Walk:
    """Goes along the frames from a place on, while their lengths make sense, and no farther than it is asked to."""

    def __init__(self, payload: memoryview, start: int) -> None:
        self._payload = payload
        self._ends = [start]

    def starts(self, end: int) -> Iterator[int]:
        """Yield where a record may start that ends here: the last frame before, and those before it in one block."""
        ends = self._ends
        while ends[-1] < end and self._step():
            pass
        place = bisect_left(ends, end)
        if place == len(ends) or ends[place] != end:
            return
        for before in range(place - 1, -1, -1):
            if before < place - 1 and end - ends[before] > _LARGEST_BLOCK:
                return
            yield ends[before]

    def _step(self) -> bool:
        position = self._ends[-1]
        if position + _PREFIX.size > len(self._payload):
            return False
        size = _PREFIX.size + int(_PREFIX.unpack_from(self._payload, position)[1])
        if size < SMALLEST_FRAME or position + size > len(self._payload):
            return False
        self._ends.append(position + size)
        return True


def _committed_words(index: memoryview) -> array[int]:
    """Return a copy of the index up to the last word that is not 0."""
    used = len(bytes(index).rstrip(b"\0"))
    whole = min(-(-used // WORD_SIZE), len(index) // WORD_SIZE) * WORD_SIZE
    return array("Q", bytes(index[:whole]))
