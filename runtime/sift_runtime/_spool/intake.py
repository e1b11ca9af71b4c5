"""Appending with attention: where there is no room, where a batch gets due, where several frames come at once."""

from __future__ import annotations

import threading
from typing import Final

from sift_runtime._columns import Frames
from sift_runtime._errors import SpoolFullError
from sift_runtime._generation import Generation
from sift_runtime._settings import Block
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

    def put_blocks(self, kind: type, frames: Frames, generation: Generation) -> bool:
        """Append many frames of one flow, made with this generation; returns True if this began a burst of drops."""
        began = False
        for block, count in frames.pieces(self._limits.messages, min(self._limits.bytes, _LARGEST_BLOCK)):
            with self._lock:
                now = self._shelf.generation
                if now is not generation:  # the config id or the run has changed since they were made
                    self._begin(generation)
                try:
                    began |= self._put_block(kind, block, count)
                finally:  # also where a signal's handler ends it
                    if now is not generation:
                        self._begin(now)
                self._attended()
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

    def _put_block(self, kind: type, block: bytes | memoryview, count: int) -> bool:
        began = False
        while True:
            self._require_open()
            head = self.head
            flow = head.makers[kind][1]
            if head.append_regardless(block, flow, count):
                return began
            if self.head is not head:
                continue
            room, burst = self._roll(len(block), flow, count)
            began |= burst
            if not room:
                return began

    def _roll(self, size: int, flow: int, count: int) -> tuple[bool, bool]:
        """Go on to another segment; returns whether there is room in it, and whether this began a burst of drops.

        Where a full spool is set to drop the newest, these frames of a flow are counted as dropped.
        """
        began, when_full = False, self._policy.when_full
        self._drop_older()
        while self._shelf.is_full(size):
            if when_full == "drop_oldest":
                began, self._overflowing = began or not self._overflowing, True
                if not self._shelf.drop_oldest():  # nothing is left but what is on its way, and the head
                    self._shelf.roll(size)
                    self._shelf.drop_oldest()
                    break
            elif isinstance(when_full, Block):
                self._wait_for_room(when_full, size)
            elif when_full == "raise":
                raise SpoolFullError(self._full())
            else:
                self._shelf.tallies.turn_away(flow, count)
                began, self._overflowing = not self._overflowing, True
                return False, began
        else:
            self._shelf.roll(size)
        self._put_away()
        return True, began

    def _wait_for_room(self, block: Block, size: int) -> None:
        longest = block.timeout if block.timeout is None else min(block.timeout, threading.TIMEOUT_MAX)
        if not self.changed.wait_for(lambda: self._ended or not self._shelf.is_full(size), longest):
            raise SpoolFullError(self._full())
        self._require_open()

    def _full(self) -> str:
        return f"the spool is full ({self.capacity_bytes} bytes): not tracked; see spool_bytes and when_full"
