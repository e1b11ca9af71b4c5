"""The ledger that outlives segments: a line for each that is gone, with what became of its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sift_runtime._checked_lines import append_lines, read_lines, write_lines
from sift_runtime._spool.settlements import Outcome

__all__ = ["Ledger", "LedgerFile"]

_LARGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ledger:
    """The segments that are gone, and how many flows of each name left in which way."""

    segments: frozenset[int] = frozenset()
    counts: Mapping[Outcome, Mapping[str, int]] = field(default_factory=dict)
    is_all: bool = True
    """Whether there is nothing else in it, of a later version."""


class LedgerFile:
    """Lines of JSON, each behind its CRC-32; a line that is not whole counts for nothing."""

    def __init__(self, path: Path) -> None:
        """Use this file, which need not be there yet."""
        self._path = path

    def append(self, segments: Iterable[int], counts: Mapping[Outcome, Mapping[str, int]]) -> None:
        """Note what became of the records of segments; raises OSError.

        Not synced: after a power cut, a segment without its line is there still, with its settlements.
        """
        append_lines(self._path, [_line(segments, counts)], sync=False)

    def read(self) -> Ledger:
        """Return the sum of all lines; raises OSError."""
        segments: set[int] = set()
        sums: dict[Outcome, Counter[str]] = {}
        is_all = True
        for line in read_lines(self._path):
            segments.update(line.get("segments", ()))
            for outcome, flows in line.get("counts", {}).items():
                if outcome in Outcome.__members__:
                    sums.setdefault(Outcome[outcome], Counter()).update(flows)
                else:
                    is_all = False
        return Ledger(frozenset(segments), sums, is_all)

    def compact(self) -> None:
        """Make one line of many, once they are, while no segment of theirs is left; raises OSError."""
        if self._path.exists() and self._path.stat().st_size > _LARGEST:
            ledger = self.read()
            if not ledger.is_all:
                return
            write_lines(self._path, [_line(sorted(ledger.segments)[-1:], ledger.counts)])


def _line(segments: Iterable[int], counts: Mapping[Outcome, Mapping[str, int]]) -> dict[str, Any]:
    named = {outcome.name: dict(flows) for outcome, flows in counts.items() if flows}
    return {"segments": list(segments), "counts": named}
