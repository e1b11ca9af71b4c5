"""The frames that wait to be sent, bounded in bytes, and the ledger of all flows: one lock for both."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from typing import Final

from sift_runtime._chunk import FRAME_OVERHEAD, Batch, Chunk, Drop
from sift_runtime._columns import Frames
from sift_runtime._errors import SdkClosedError
from sift_runtime._frames import FrameBytes
from sift_runtime._generation import Generation
from sift_runtime._settings import BatchLimits
from sift_runtime._stats import Stats

__all__ = ["LARGE_FRAME", "FrameQueue"]

_CHUNK_FRAMES: Final = 1024
_CHUNK_BYTES: Final = 256 * 1024
_MOST_UNATTENDED: Final = 256
LARGE_FRAME: Final = 4096
"""Bytes of a frame that is attended to at once, so that few uncounted frames are few bytes."""


class FrameQueue:
    """First in, first out; when full the oldest that are not on their way make room.

    append() puts a frame into its generation's `incoming` and takes no lock; every so many frames, and where somebody
    has to know at once, it attends: moves them to the chunks, counts them, makes room, wakes the sender.

    The handler of a signal (Ctrl-C) may run in the middle of any method that user code calls, after any call in it; it
    may raise there, or call the queue in its turn. So the lock is reentrant, and what belongs together is changed with
    no call in between. It is entered as it is: entered by way of the condition, which is Python code, it might stay
    locked. Who waits for the sender waits for `changed`, which lets go of the lock however often it is held: at
    anything else, a handler would wait for a thread that waits for the lock that the interrupted code holds.
    """

    def __init__(self, limits: BatchLimits, capacity_bytes: int, generation: Generation) -> None:
        """Start empty."""
        self.generation = generation
        self._generations = [generation]
        self._limits = limits
        self.capacity_bytes = capacity_bytes
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self._chunks = deque([Chunk(generation)])  # the last is being filled
        self._in_flight: Batch | None = None
        self._oldest_since = 0.0
        self._flushing = 0
        self._asleep = self._idle = False
        self._closed = self._ended = False
        self._overflowing = False
        # Bounds how far the frames that nobody has attended to may exceed what either limit allows.
        unattended_bytes = min(capacity_bytes // 16, limits.bytes // 4)
        self._chunk_frames = int(min(_CHUNK_FRAMES, limits.messages))
        self._chunk_bytes = min(_CHUNK_BYTES, limits.bytes)
        self._most_unattended = int(max(1, min(_MOST_UNATTENDED, unattended_bytes // LARGE_FRAME)))
        self.attend_at = 1
        self._tracked = self._waiting = self._bytes = self._encoded_bytes = 0
        self._acknowledged = self._rejected = self._batches = self._retries = self._errors = 0
        self._dropped: defaultdict[str, int] = defaultdict(int)

    def append(self, frame: bytes, generation: Generation) -> bool:
        """Add a frame that was made with this generation; returns True if this began a burst of drops."""
        incoming = generation.incoming
        incoming.append(frame)
        return (len(incoming) >= self.attend_at or len(frame) >= LARGE_FRAME) and self.attend(frame, generation)

    def extend(self, frames: list[bytes], generation: Generation) -> bool:
        """Add several frames, of any flows; returns True if this began a burst of drops."""
        generation.incoming.extend(frames)
        return self.attend(frames[-1], generation)

    def append_blocks(self, frames: Frames, generation: Generation) -> bool:
        """Add many frames of one flow; returns True if this began a burst of drops."""
        began = False
        for block, count in frames.pieces(self._limits.messages, self._limits.bytes):
            began |= self._append_block(block, count, generation)
        return began

    def _append_block(self, block: FrameBytes, count: int, generation: Generation) -> bool:
        """Add many frames of one flow as one piece; returns True if this began a burst of drops."""
        with self._lock:
            self._collect()
            size = len(block)
            chunk = Chunk(generation)
            self._chunks.append(chunk)
            self._begin_waiting()
            # Added and counted in one piece, with no call in it.
            chunk.pieces += (block,)
            chunk.count = count
            chunk.size = size
            self._tracked += count
            self._waiting += count
            self._bytes += size
            self._encoded_bytes += size
            return self.attend(block, generation)

    def attend(self, newest: FrameBytes, generation: Generation) -> bool:
        """Move what has come in, make room, and wake the sender if it sleeps and something is due.

        Raises SdkClosedError where the newest came in after the end, and takes it back.
        """
        with self._lock:
            place = next((place for place, frame in enumerate(generation.incoming) if frame is newest), None)
            if self._ended and place is not None:
                del generation.incoming[place]
                raise SdkClosedError("closed while this flow was being tracked; it is not sent")
            self._collect()
            if self._asleep and (self._idle or self._is_due()):
                self.changed.notify_all()
                self.attend_at, self._asleep = self._most_unattended, False
            return self._occupied() > self.capacity_bytes and self._make_room()

    def begin_generation(self, generation: Generation) -> None:
        """Make frames with this from now on; those that are queued are adapted when they are sent."""
        with self._lock:
            self._generations.append(generation)
            self.generation = generation

    def take(self) -> Batch | None:
        """Wait for a batch that is due and return it; None once the queue is closed."""
        with self._lock:
            while not self._closed:
                # Set before looking: what is appended after the look finds it set.
                self.attend_at = 1
                self._collect()
                wait = self._seconds_until_due()
                if wait is not None and wait <= 0:
                    self.attend_at = self._most_unattended
                    return self._take_oldest()
                if wait is not None:
                    self.attend_at = int(max(1, min(self._most_unattended, self._limits.messages - self._waiting)))
                self._asleep, self._idle = True, wait is None
                self.changed.wait(wait if wait is None else min(wait, threading.TIMEOUT_MAX))
                self._asleep = False
            return None

    def acknowledge(self, batch: Batch) -> None:
        """Settle a batch as delivered."""
        with self._lock:
            self._acknowledged += batch.count
            self._batches += 1
            self._settle()

    def reject(self, batch: Batch) -> None:
        """Settle a batch as refused for good."""
        with self._lock:
            self._rejected += batch.count
            self._settle()

    def count_retry(self) -> None:
        """Count one more try."""
        with self._lock:
            self._retries += 1

    def count_error(self) -> None:
        """Count a flow that could not be tracked."""
        with self._lock:
            self._errors += 1

    def wait_until_settled(self, timeout: float | None) -> bool:
        """Return True once everything appended before this call is settled, False at the timeout or when closed."""
        with self._lock:
            self._collect()
            last = self._tracked - 1
            longest = timeout if timeout is None else min(timeout, threading.TIMEOUT_MAX)
            self._flushing += 1
            try:
                self.changed.notify_all()
                self.changed.wait_for(lambda: self._closed or self._first_unsettled() > last, longest)
            finally:  # also where a signal ends the wait
                self._flushing -= 1
            return self._first_unsettled() > last

    def close(self) -> None:
        """Let everybody who waits go on; what is queued stays counted as queued."""
        with self._lock:
            self._closed = True
            self.changed.notify_all()

    def end(self) -> None:
        """Take nothing more: nobody would send it."""
        with self._lock:
            self._collect()
            self.attend_at = 1
            self._ended = True

    def stats(self) -> Stats:
        """Return the ledger of this moment."""
        with self._lock:
            self._collect()
            dropped = dict(self._dropped)  # a copy: a signal's handler may track while it is read
            return Stats(
                tracked=self._tracked,
                acknowledged=self._acknowledged,
                rejected=self._rejected,
                dropped=sum(dropped.values()),
                queued=self._waiting + (self._in_flight.count if self._in_flight else 0),
                encoded_bytes=self._encoded_bytes,
                batches=self._batches,
                retries=self._retries,
                serialization_errors=self._errors,
                dropped_by_flow=dropped,
            )

    def _collect(self) -> None:
        """Move what has come in to the chunks, and count it."""
        for generation in list(self._generations):
            while generation.incoming:
                self._collect_from(generation)

    def _collect_from(self, generation: Generation) -> None:
        incoming = generation.incoming
        chunk = self._chunks[-1]
        is_full = chunk.count >= self._chunk_frames or chunk.size >= self._chunk_bytes
        if is_full or chunk.generation is not generation:
            chunk = Chunk(generation)
            self._chunks.append(chunk)
        frames = incoming[: self._chunk_frames - chunk.count]
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
            self._tracked += count
            self._waiting += count
            self._bytes += size
            self._encoded_bytes += size

    def _begin_waiting(self) -> None:
        if not self._waiting:
            self._oldest_since = time.monotonic()

    def _is_due(self) -> bool:
        wait = self._seconds_until_due()
        return wait is not None and wait <= 0

    def _make_room(self) -> bool:
        """Drop the oldest pieces, but never the newest; returns True where a burst of drops begins."""
        while self._occupied() > self.capacity_bytes:
            chunk = self._oldest_chunk()
            if chunk is self._chunks[-1] and len(chunk.pieces) <= 1:
                break
            drop = Drop.of(chunk.pieces[0])
            # A signal's handler may have made room meanwhile, or waited while the sender took the chunk.
            if self._chunks[0] is chunk and chunk.pieces and chunk.pieces[0] is drop.piece:
                # Counted and taken out in one piece, with no call in it.
                del chunk.pieces[0]
                chunk.count -= drop.count
                chunk.size -= drop.size
                self._waiting -= drop.count
                self._bytes -= drop.size
                self._dropped[drop.flow] += drop.count
        began = not self._overflowing
        self._overflowing = True
        return began

    def _occupied(self) -> int:
        return self._bytes + self._waiting * FRAME_OVERHEAD

    def _oldest_chunk(self) -> Chunk:
        while not self._chunks[0].pieces and len(self._chunks) > 1:
            self._chunks.popleft()
        return self._chunks[0]

    def _seconds_until_due(self) -> float | None:
        """How long the next batch may still wait; None without frames."""
        if not self._waiting:
            return None
        full = self._waiting >= self._limits.messages or self._bytes >= self._limits.bytes
        return 0.0 if full or self._flushing else self._oldest_since + self._limits.interval - time.monotonic()

    def _take_oldest(self) -> Batch:
        first = self._tracked - self._waiting
        oldest = self._oldest_chunk()
        pieces, count, size = oldest.pieces, oldest.count, oldest.size
        self._chunks.popleft()
        while self._chunks and self._belongs(self._chunks[0], oldest.generation, count, size):
            chunk = self._chunks.popleft()
            pieces += chunk.pieces
            count += chunk.count
            size += chunk.size
        if not self._chunks:
            self._chunks.append(Chunk(self.generation))
        self._waiting -= count
        self._bytes -= size
        if self._occupied() < self.capacity_bytes // 2:
            self._overflowing = False
        # What is left has waited at most since now: a batch was due only for its oldest frame.
        self._oldest_since = time.monotonic()
        self._in_flight = Batch(first, count, pieces, oldest.generation)
        return self._in_flight

    def _belongs(self, chunk: Chunk, generation: Generation, count: int, size: int) -> bool:
        fits = count + chunk.count <= self._limits.messages and size < self._limits.bytes // 2
        return chunk.generation is generation and fits

    def _settle(self) -> None:
        self._in_flight = None
        self.changed.notify_all()

    def _first_unsettled(self) -> int:
        return self._in_flight.first if self._in_flight else self._tracked - self._waiting
