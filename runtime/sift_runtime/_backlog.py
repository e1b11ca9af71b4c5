"""The frames that wait, and the counts of what was tracked and dropped. Whoever calls holds the queue's lock."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from typing import Final

from sift_runtime._chunk import CHUNK_OVERHEAD, FRAME_OVERHEAD, Batch, Chunk, Drop
from sift_runtime._frames import FrameBytes
from sift_runtime._generation import Generation
from sift_runtime._settings import BatchLimits

__all__ = ["Backlog"]

_CHUNK_FRAMES: Final = 1024
_CHUNK_BYTES: Final = 256 * 1024


class Backlog:
    """Chunks of frames, the oldest first, filled from the generations' `incoming`.

    The handler of a signal may run after any call in here, and call the queue in its turn, or raise. So what belongs
    together is changed with no call in between, and what was seen before a call is looked at again after it.
    """

    def __init__(self, limits: BatchLimits, generation: Generation) -> None:
        """Start empty."""
        self.generation = generation
        self.tracked = self.waiting = self.bytes = self.encoded_bytes = 0
        self.oldest_since = 0.0
        self.dropped: defaultdict[str, int] = defaultdict(int)
        self._generations = [generation]
        self._limits = limits
        self._chunk_frames = int(min(_CHUNK_FRAMES, limits.messages))
        self._chunk_bytes = min(_CHUNK_BYTES, limits.bytes)
        self._chunks = deque([Chunk(generation)])  # the last is being filled

    @property
    def occupied(self) -> int:
        """Bytes of memory that all that waits takes."""
        return self.bytes + self.waiting * FRAME_OVERHEAD + len(self._chunks) * CHUNK_OVERHEAD

    @property
    def first(self) -> int:
        """The sequence number of the oldest that waits."""
        return self.tracked - self.waiting

    def begin_generation(self, generation: Generation) -> None:
        """Make frames with this from now on; stragglers of those before are collected all the same."""
        self._generations.append(generation)
        self.generation = generation

    def collect(self) -> None:
        """Move what has come in to the chunks, and count it."""
        # Counted from the newest on, moved from the oldest on: what a thread put into an older one before it put
        # something into a newer one then goes before it.
        came = [(len(generation.incoming), generation) for generation in reversed(self._generations)]
        for most, generation in reversed(came):
            last = self.tracked + most
            while generation.incoming and self.tracked < last:
                self._collect_from(generation, last - self.tracked)

    def _collect_from(self, generation: Generation, most: int) -> None:
        incoming = generation.incoming
        chunk = self._chunks[-1]
        is_full = chunk.count >= self._chunk_frames or chunk.size >= self._chunk_bytes
        if is_full or chunk.generation is not generation:
            chunk = self._new_chunk(generation)
        frames = incoming[: min(most, self._chunk_frames - chunk.count)]
        size = sum(map(len, frames))
        while chunk.size + size > self._chunk_bytes and len(frames) > 1:
            frames = frames[: len(frames) // 2]
            size = sum(map(len, frames))
        count = len(frames)
        self._begin_waiting()
        # Moved and counted in one piece, with no call in it; unless a signal's handler has done so meanwhile.
        if incoming and incoming[0] is frames[0] and chunk is self._chunks[-1]:
            del incoming[:count]
            chunk.pieces += frames
            chunk.count += count
            chunk.size += size
            self.tracked += count
            self.waiting += count
            self.bytes += size
            self.encoded_bytes += size

    def add_block(self, block: FrameBytes, count: int, generation: Generation) -> None:
        """Add many frames of one flow as one piece."""
        size = len(block)
        chunk = Chunk(generation, [block], count, size)
        self._begin_waiting()
        # Added and counted in one piece, with no call in it.
        self._chunks += (chunk,)
        self.tracked += count
        self.waiting += count
        self.bytes += size
        self.encoded_bytes += size

    def make_room(self, capacity_bytes: int) -> None:
        """Drop the oldest pieces, but never the newest."""
        while self.occupied > capacity_bytes:
            chunk = self._oldest_chunk()
            if chunk is self._chunks[-1] and len(chunk.pieces) <= 1:
                return
            drop = Drop.of(chunk.pieces[0])
            # A signal's handler may have made room meanwhile, or waited while the sender took the chunk.
            if self._chunks[0] is chunk and chunk.pieces and chunk.pieces[0] is drop.piece:
                # Counted and taken out in one piece, with no call in it.
                del chunk.pieces[0]
                chunk.count -= drop.count
                chunk.size -= drop.size
                self.waiting -= drop.count
                self.bytes -= drop.size
                self.dropped[drop.flow] += drop.count

    def take(self) -> Batch:
        """Take the oldest chunks that belong together; there has to be something waiting."""
        first, oldest = self.first, self._oldest_chunk()
        pieces, count, size = oldest.pieces, oldest.count, oldest.size
        self._chunks.popleft()
        while self._chunks and self._belongs(self._chunks[0], oldest.generation, count, size):
            chunk = self._chunks.popleft()
            pieces += chunk.pieces
            count += chunk.count
            size += chunk.size
        if not self._chunks:
            self._new_chunk(self.generation)
        self.waiting -= count
        self.bytes -= size
        # What is left has waited at most since now: a batch is due only for its oldest frame.
        self.oldest_since = time.monotonic()
        return Batch(first, count, pieces, oldest.generation)

    def _belongs(self, chunk: Chunk, generation: Generation, count: int, size: int) -> bool:
        fits = count + chunk.count <= self._limits.messages and size < self._limits.bytes
        return chunk.generation is generation and fits

    def _begin_waiting(self) -> None:
        if not self.waiting:
            self.oldest_since = time.monotonic()

    def _new_chunk(self, generation: Generation) -> Chunk:
        chunk = Chunk(generation)
        self._chunks.append(chunk)
        return chunk

    def _oldest_chunk(self) -> Chunk:
        while True:
            chunks = self._chunks
            # No call in here: a signal's handler may fill the last chunk, or begin another.
            oldest = chunks[0]
            if oldest.pieces or oldest is chunks[-1]:
                return oldest
            del chunks[0]
