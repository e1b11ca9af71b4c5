"""Reading spool directories, whoever owns them: nothing is locked and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sift_runtime._registration.saved import SavedRegistrations, read_registrations
from sift_runtime._spool.dead_letters import DeadLetter, read_dead_letters
from sift_runtime._spool.ledger import Ledger, LedgerFile
from sift_runtime._spool.loaded import LoadedSegment, load
from sift_runtime._spool.names import FlowNames
from sift_runtime._spool.ownership import is_owned
from sift_runtime._spool.settlements import Outcome, Settlement, Settlements, read_log

__all__ = ["SegmentFile", "SpoolDirectory", "find_directories"]


@dataclass(slots=True)
class SegmentFile:
    """A segment as it is on disk; `loaded` is None where its header is damaged, or nothing was begun in it."""

    path: Path
    size: int
    loaded: LoadedSegment | None
    names: FlowNames
    log: list[Settlement] = field(default_factory=list)

    def whole(self) -> list[tuple[int, int]]:
        """Return the stretches of whole records, settled or not."""
        return self._left_after([])

    @property
    def unsettled(self) -> list[tuple[int, int]]:
        """The stretches of whole records that nothing has become of yet."""
        return self._left_after([(each.first, each.end) for each in self.log])

    def flows(self, first: int, end: int) -> Counter[str]:
        """Return how many readings of each flow these records hold."""
        if self.loaded is None:
            return Counter()
        return Counter(self.names.named(self.loaded.count(first, end)))

    def became(self) -> dict[Outcome, int]:
        """Return how many readings left in each way, as far as it was noted."""
        records = 0 if self.loaded is None else self.loaded.records
        seen, counts = Settlements(), dict.fromkeys(Outcome, 0)
        for settlement in self.log:
            for first, end in seen.unsettled(min(settlement.end, records)):
                if settlement.first < end:
                    counts[settlement.outcome] += self.flows(max(first, settlement.first), end).total()
            seen.add(settlement.first, settlement.end)
        return {outcome: count for outcome, count in counts.items() if count}

    def left(self) -> Counter[str]:
        """Return how many readings of each flow are still to be sent."""
        return sum((self.flows(first, end) for first, end in self.unsettled), Counter[str]())

    def _left_after(self, settled: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if self.loaded is None:
            return []
        gone = Settlements()
        for first, end in settled:
            gone.add(first, end)
        for damage in self.loaded.damages:
            gone.add(damage.first, damage.end)
        return gone.unsettled(self.loaded.records)


@dataclass(frozen=True, slots=True)
class SpoolDirectory:
    """What one process has, or had."""

    path: Path

    @property
    def is_owned(self) -> bool:
        """Whether a living process has it."""
        return is_owned(self.path)

    def ledger(self) -> Ledger:
        """Return what became of segments that are gone."""
        return LedgerFile(self.path / "ledger").read()

    def registrations(self) -> SavedRegistrations:
        """Return what the flows were registered as."""
        saved = SavedRegistrations()
        read_registrations(self.path, saved)
        return saved

    def dead_letters(self) -> Iterator[DeadLetter]:
        """Yield what the server refused."""
        path = self.path / "dead-letters"
        if path.exists():
            yield from read_dead_letters(path)

    def segments(self) -> Iterator[SegmentFile]:
        """Yield each segment, the oldest first; raises OSError for one that cannot be read."""
        done = self.ledger().segments
        for path in sorted(self.path.glob("*.segment")):
            if path.stem.isdecimal() and int(path.stem) not in done:
                yield from _read(path)


def find_directories(path: Path) -> list[SpoolDirectory]:
    """Return the directories of processes in a spool, or the one that this is, the oldest first."""
    if (path / "owner.lock").exists():
        return [SpoolDirectory(path)]
    found = [each for each in path.iterdir() if (each / "owner.lock").exists()]
    return [SpoolDirectory(each) for each in sorted(found, key=lambda each: (each.stat().st_mtime, each.name))]


def _read(path: Path) -> Iterator[SegmentFile]:
    names = FlowNames(())
    try:
        size, loaded = path.stat().st_size, load(path, names.number)
        settled = path.with_suffix(".settled")
        log = settled.read_bytes() if settled.exists() else b""
    except FileNotFoundError:  # its process has just finished with it
        return
    yield SegmentFile(path, size, loaded, names, [] if loaded is None else read_log(log, loaded.header.seed))
