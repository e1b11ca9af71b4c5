"""Making segments: where the spool is, or in memory while a directory cannot take any."""

from __future__ import annotations

import errno
import logging
import time
from typing import Final

from sift_runtime._spool.copying import SegmentCopy
from sift_runtime._spool.layout import Layout
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.store import Store

__all__ = ["SegmentMaker"]

_log: Final = logging.getLogger("sift_runtime")
_AGAIN_SECONDS: Final = 1.0
_NO_SPACE: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


class SegmentMaker:
    """Holds the next segment ready. Whoever calls holds the spool's lock."""

    def __init__(self, store: Store, memory: Store, memory_bytes: int) -> None:
        """Make segments in the store; in memory up to so many bytes, while the store fails."""
        self._store = store
        self._memory = memory
        self._memory_bytes = memory_bytes
        self._next_number = store.first_number()
        self.spare: tuple[Store, Segment] | None = None
        """The segment that is ready, and where it is; whoever uses it sets this to None."""
        self._again_at = 0.0
        self.trouble: OSError | None = None
        """Why segments are made in memory; None while all is well."""

    @property
    def is_for_disk(self) -> bool:
        """Whether segments are to outlive the process."""
        return self._store.outlives_process

    @property
    def lacks_space(self) -> bool:
        """Whether it is room that the directory lacks, so that removing something helps."""
        return self.trouble is not None and self.trouble.errno in _NO_SPACE

    def prepare(self, layout: Layout, memory_used: int, *, force: bool = False) -> bool:
        """Make a segment of this layout ready; False where there is no room for one, unless forced to find some."""
        self._give_up_other(layout)
        spare = self.spare
        if spare is not None and (spare[0] is self._store or time.monotonic() < self._again_at):
            return True
        if self._made_in_store(layout):
            return True
        if not force and memory_used + layout.size > self._memory_bytes:
            return False
        if self.spare is None:
            self.spare = self._memory, self._memory.new(self.numbered(), layout)
        return True

    def take(self, layout: Layout, memory_used: int) -> tuple[Store, Segment]:
        """Return a segment of this layout, wherever there is room for it; nobody else has it from now on."""
        while True:
            self.prepare(layout, memory_used, force=True)
            # No call from here on: a signal's handler may want one, too.
            spare = self.spare
            self.spare = None
            if spare is None:
                continue
            if spare[1].layout == layout:
                return spare
            spare[0].abandon(spare[1])

    def put_back(self, store: Store, segment: Segment) -> None:
        """Take back a segment that nothing was appended to."""
        if self.spare is None:
            self.spare = store, segment
        else:
            store.abandon(segment)

    def try_again(self) -> None:
        """Try the directory at the next segment: something was removed from it."""
        self._again_at = 0.0

    def take_over(self, copy: SegmentCopy, *, sync: bool) -> tuple[Store, int] | None:
        """Move a segment from memory to where segments belong; returns that, and what it takes there, or None."""
        try:
            return self._store, self._store.take_over(copy.header.number, copy, sync=sync)
        except OSError as error:
            self._failed(error)
            return None

    def close(self) -> None:
        """Let go of the segment that was not used."""
        spare, self.spare = self.spare, None
        if spare is not None:
            store, segment = spare
            store.abandon(segment)

    def _give_up_other(self, layout: Layout) -> None:
        if self.spare is not None and self.spare[1].layout != layout:
            self.close()

    def _made_in_store(self, layout: Layout) -> bool:
        if time.monotonic() < self._again_at:
            return False
        try:
            made = self._store.new(self.numbered(), layout)
        except OSError as error:
            self._failed(error)
            return False
        self.close()
        self.spare = self._store, made
        if self.trouble is not None and self._store.outlives_process:
            self.trouble = None
            _log.warning("the spool is on disk again")
        return True

    def _failed(self, error: OSError) -> None:
        self._again_at = time.monotonic() + _AGAIN_SECONDS
        is_news, self.trouble = self.trouble is None, error
        if is_news:
            what = "goes on in memory, at most %d bytes, which are lost with the process"
            _log.error(f"the spool cannot be written to (%s): it {what}", error, self._memory_bytes)

    def numbered(self) -> int:
        number = self._next_number
        self._next_number += 1
        return number
