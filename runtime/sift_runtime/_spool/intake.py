"""Appending with attention: where there is no room, where a batch gets due, where several frames come at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from sift_runtime._columns import Frames
from sift_runtime._errors import SpoolFullError
from sift_runtime._generation import Generation
from sift_runtime._settings import Block
from sift_runtime._spool.beside import Beside
from sift_runtime._spool.core import Core

__all__ = ["Intake"]

_LARGEST_BLOCK: Final = 64 * 1024


class Intake(Core):
    """The way in."""

    def put(self, kind: type, time_ns: int, values: bytes) -> bool:
        """Append a flow's record with attention; returns True if this began a burst of drops.

        Raises SpoolFullError where that is what a full spool is set to do.
        """
        with self._lock:
            began = False
            while True:
                self._require_open()
                head = self.head
                make, flow = head.makers[kind]
                frame = make(time_ns, values)
                if head.append_regardless(frame, flow):
                    break
                if self.head is not head:  # a handler has gone on to another while the frame was made
                    continue
                room, burst = self._roll(len(frame), flow, 1)
                began |= burst
                if not room:
                    break
            self._attended()
        return began

    def put_blocks(self, kind: type, blocks: Iterable[Frames], generation: Generation) -> bool:
        """Append many frames of one flow, made with this generation; returns True if this began a burst of drops."""
        began, beside = False, Beside(generation)
        try:
            for frames in blocks:
                for block, count in frames.pieces(self._limits.messages, min(self._limits.bytes, _LARGEST_BLOCK)):
                    with self._lock:
                        began |= self._put_block(kind, block, count, beside)
                        self._attended()
        finally:  # also where a signal's handler ends it
            self._seal(beside)
        return began

    def exchange_generation(self, old: Generation, new: Generation) -> bool:
        """Make records with the new generation from now on, unless the old one is not what they are made with any more.

        Ends a take() that waits: the new generation may need registering first.
        """
        with self._lock:
            if self._shelf.generation is not old:
                return False
            self._begin(new)
            self._nudged = True
            self.changed.notify_all()
            return True

    def _put_block(self, kind: type, block: bytes | memoryview, count: int, beside: Beside) -> bool:
        began = False
        while True:
            self._require_open()
            head, is_beside = self.head, self._shelf.generation is not beside.generation
            segment = self._shelf.open_one(beside) if is_beside else head
            if segment is not None:
                flow = segment.makers[kind][1]
                if segment.append_regardless(block, flow, count):
                    return began
                if self.head is not head:
                    continue
            flow = beside.generation.makers[kind][1]
            room, burst = self._roll(len(block), flow, count, beside if is_beside else None)
            began |= burst
            if not room:
                return began

    def _seal(self, beside: Beside) -> None:
        if beside.progress is not None:
            with self._lock:
                if not self._ended:  # else it is another process's by now
                    self._shelf.seal(beside)
                    self.changed.notify_all()

    def _roll(self, size: int, flow: int, count: int, beside: Beside | None = None) -> tuple[bool, bool]:
        """Go on to another segment; returns whether there is room in it, and whether this began a burst of drops.

        The head, or one beside it; after a wait for room, whoever calls looks anew which of them it has to be. Where a
        full spool is set to drop the newest, these frames of a flow are counted as dropped.
        """
        began, when_full = False, self._policy.when_full
        self._require_open()  # a handler may have closed it, or forked, while the frame was made
        if beside is not None:
            self._shelf.seal(beside)  # it is full, and must not be in the way of the room that is waited for
        self._drop_older()
        while self._shelf.is_full(size):
            if when_full == "drop_oldest":
                began, self._overflowing = began or not self._overflowing, True
                if not self._shelf.drop_oldest():  # nothing is left but what is on its way, and the head
                    self._go_on(size, beside)
                    self._shelf.drop_oldest()
                    break
            elif isinstance(when_full, Block):
                self._wait_for_room(when_full, size)
                return True, began
            elif when_full == "raise":
                raise SpoolFullError(self._full())
            else:
                self._shelf.tallies.turn_away(flow, count)
                began, self._overflowing = not self._overflowing, True
                return False, began
        else:
            self._go_on(size, beside)
        self._require_open()
        self._put_away()
        self._shelf.move_to_disk(sync=self._policy.durability == "power")
        return True, began

    def _go_on(self, size: int, beside: Beside | None) -> None:
        if beside is None:
            self._shelf.roll(size)
        else:
            self._shelf.begin_beside(beside, size)

    def _wait_for_room(self, block: Block, size: int) -> None:
        longest = block.timeout if block.timeout is None else min(block.timeout, threading.TIMEOUT_MAX)
        if not self.changed.wait_for(lambda: self._ended or not self._shelf.is_full(size), longest):
            raise SpoolFullError(self._full())
        self._require_open()

    def _full(self) -> str:
        return f"the spool is full ({self.capacity_bytes} bytes): not tracked; see spool_bytes and when_full"
