"""A spool directory: the segments of one process, what became of their records, and what was refused or damaged."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from sift_runtime._spool.copying import SegmentCopy, write_copy
from sift_runtime._spool.damage import DAMAGED, discard_segment, keep_damage
from sift_runtime._spool.dead_letters import DEAD_LETTERS, DeadLetter, DeadLetterFile
from sift_runtime._spool.layout import Layout
from sift_runtime._spool.ledger import LedgerFile
from sift_runtime._spool.loaded import LoadedSegment, load
from sift_runtime._spool.ownership import Ownership, sync_directory
from sift_runtime._spool.reservation import map_file, reserve
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.settlement_log import SettlementLog
from sift_runtime._spool.settlements import Outcome, Settlement, read_log
from sift_runtime._spool.trimming import Glance, close_file, cut, glance, trim

__all__ = ["DirectoryStore"]

_log: Final = logging.getLogger("sift_runtime")
_SEGMENT: Final = ".segment"
_SETTLED: Final = ".settled"
_SPARE: Final = "spare"
_OURS_ALONE: Final = 0o600


class DirectoryStore:
    """Files that outlive the process; every method may raise OSError.

    A segment is counted in the ledger first and removed after: killed in between, the next process removes it.
    """

    outlives_process = True

    def __init__(self, ownership: Ownership) -> None:
        """Use a directory that this process owns."""
        self.path: Path | None = ownership.path
        self._directory = ownership.path
        self.ledger = LedgerFile(self._directory / "ledger")
        self._dead_letters = DeadLetterFile(self._directory)
        self._ownership = ownership
        self._process = os.getpid()
        self._spare: Segment | None = None
        self._logs: dict[int, SettlementLog] = {}

    def numbers(self) -> list[int]:
        """Return the numbers of the segments that are there, the oldest first; removes what nobody needs."""
        done = self.ledger.read().segments
        found = self._found()
        for number in found:
            if number in done:
                self._remove(number)
        self._segment(_SPARE).unlink(missing_ok=True)
        self.ledger.compact()
        left = [number for number in found if number not in done]
        for number in left:
            with suppress(OSError):  # a disk that cannot be written to: it stays as large as it is
                trim(self._segment(number))
        return left

    def first_number(self) -> int:
        """Return the first number that no segment has had."""
        return max([*self._found(), *self.ledger.read().segments], default=0) + 1

    def size(self, number: int) -> int:
        """Return how many bytes a segment takes."""
        return self._segment(number).stat().st_size

    def new(self, number: int, layout: Layout) -> Segment:
        """Return an empty segment whose blocks are reserved."""
        spare, self._spare = self._spare, None
        if spare is not None and spare.layout == layout:
            return self._renewed(spare, number)
        if spare is not None:
            spare.close()
            self._segment(_SPARE).unlink(missing_ok=True)
        try:
            memory, descriptor = map_file(self._segment(number), layout.size)
        except FileNotFoundError:  # somebody has removed the directory
            self._ownership.renew()
            memory, descriptor = map_file(self._segment(number), layout.size)
        self._dead_letters.make_reserve()
        return Segment(number, layout, memory, descriptor)

    def _renewed(self, spare: Segment, number: int) -> Segment:
        """Make a segment of the one that was kept; emptied before it gets its name, lest anybody take it for full."""
        segment = spare
        try:
            reserve(spare.descriptor, spare.layout.size)  # it may have been trimmed
            segment = spare.renewed(number)
            self._segment(_SPARE).rename(self._segment(number))
        except OSError:
            segment.close()
            raise
        return segment

    def changed(self, number: int) -> float:
        """Return when a segment was last written to, in seconds since 1970."""
        return self._segment(number).stat().st_mtime

    def glance(self, number: int) -> Glance | None:
        """Look at what a segment is for; None if its header is damaged beyond use."""
        return glance(self._segment(number))

    def load(self, number: int, number_of: Callable[[str], int]) -> LoadedSegment | None:
        """Read a segment; None if its header is damaged beyond use."""
        return load(self._segment(number), number_of)

    def settlements(self, number: int, seed: int) -> list[Settlement]:
        """Return what became of a segment's records, as far as anybody noted it."""
        with suppress(FileNotFoundError):
            return read_log(self._settled(number).read_bytes(), seed)
        return []

    def note(self, number: int, seed: int, settlement: Settlement) -> None:
        """Keep what became of some records; where that fails, they may be sent again after a restart."""
        log = self._logs.get(number)
        if log is None:
            log = self._logs[number] = SettlementLog(self._settled(number))
        log.append(settlement.packed(seed))

    def retire(self, number: int, segment: Segment | None, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Count a segment of which everything is settled, and let go of it; one is kept for the next to come."""
        self._forget_log(number)
        try:
            self.ledger.append([number], counts)
        except OSError:
            self._remove_first(number, segment, counts)
            return
        try:
            self._let_go(number, segment)
        except OSError as error:
            _log.warning("spool segment %d in %s is left to be removed at the next start: %s", number, self.path, error)

    def _let_go(self, number: int, segment: Segment | None) -> None:
        if segment is not None and self._spare is None and self._make_spare(number):
            self._spare = segment
        else:
            if segment is not None:
                segment.close()
            self._segment(number).unlink(missing_ok=True)
        self._settled(number).unlink(missing_ok=True)

    def _make_spare(self, number: int) -> bool:
        try:
            self._segment(number).rename(self._segment(_SPARE))
        except OSError:  # somebody has removed the directory
            return False
        return True

    def _remove_first(self, number: int, segment: Segment | None, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        if segment is not None:
            segment.close()
        try:
            self._remove(number)
            self.ledger.append([number], counts)
        except OSError as error:
            _log.error("what became of spool segment %d is not in the ledger of %s: %s", number, self._directory, error)

    def trim(self, segment: Segment) -> int:
        """Cut the file of a sealed segment behind its last record, but not a parent's; returns its size from now on."""
        return cut(segment) if os.getpid() == self._process else segment.layout.size

    def put_away(self, segment: Segment) -> int:
        """Let go of the memory of a segment that will be read much later; returns the size of its file."""
        self._forget_log(segment.number)
        return close_file(segment)

    def take_over(self, number: int, copy: SegmentCopy, *, sync: bool) -> int:
        """Keep a copy of a segment of another store; returns the size of its file."""
        path = self._segment(number)
        for settlement in copy.settlements:  # noted first: nothing is sent again that was acknowledged
            self.note(number, copy.header.seed, settlement)
        self._forget_log(number)
        try:
            size = write_copy(path, copy, sync=sync)
        except OSError:
            self._settled(number).unlink(missing_ok=True)
            raise
        if sync:
            sync_directory(self._directory)
        return size

    def give_up(self, number: int) -> None:
        """Remove a copy that is not needed after all."""
        self._forget_log(number)
        self._remove(number)

    def count(self, counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Count what was in no segment."""
        self.ledger.append([], counts)

    def quarantine(self, number: int, loaded: LoadedSegment) -> None:
        """Keep the bytes of records that are not whole, once, for people to look at."""
        keep_damage(self._segment(number), loaded)

    def abandon(self, segment: Segment) -> None:
        """Let go of a segment that was made and never begun."""
        self._segment(segment.number).unlink(missing_ok=True)
        segment.close()

    def keep(self, letters: list[DeadLetter]) -> None:
        """Append to the dead-letter file."""
        self._dead_letters.append(letters)

    def discard(self, number: int) -> None:
        """Set a segment aside whose header is damaged beyond use; one that nothing was written to goes."""
        discard_segment(self._segment(number))

    def close(self) -> None:
        """Leave everything as it is to whoever comes next."""
        for number in list(self._logs):
            self._forget_log(number)
        try:
            if self._spare is not None:
                self._spare.close()
                self._spare = None
                self._segment(_SPARE).unlink(missing_ok=True)
            self._dead_letters.give_up_reserve()
        finally:
            self._ownership.release()

    def fold_into(self, other: DirectoryStore) -> bool:
        """Remove the directory, if nothing is in it but its ledger, which goes on in the other's; raises OSError."""
        keeps = ("*" + _SEGMENT, "*" + DAMAGED, DEAD_LETTERS)
        if any(found for pattern in keeps for found in self._directory.glob(pattern)):
            return False
        counts = self.ledger.read().counts
        if counts:
            other.ledger.append([], counts)
        self._ownership.remove()
        return True

    def _found(self) -> list[int]:
        return sorted(int(path.stem) for path in self._directory.glob(f"*{_SEGMENT}") if path.stem.isdecimal())

    def _forget_log(self, number: int) -> None:
        log = self._logs.pop(number, None)
        if log is not None:
            log.close()

    def _remove(self, number: int) -> None:
        self._settled(number).unlink(missing_ok=True)
        self._segment(number).unlink(missing_ok=True)

    def _segment(self, number: int | str) -> Path:
        return self._directory / f"{number:0>10}{_SEGMENT}"

    def _settled(self, number: int) -> Path:
        return self._directory / f"{number:0>10}{_SETTLED}"
