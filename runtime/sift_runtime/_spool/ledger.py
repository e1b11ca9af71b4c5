"""The ledger that outlives segments: a line for each that is gone, with what became of its records."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from sift_runtime._spool.settlements import Outcome

__all__ = ["Ledger", "LedgerFile", "ledger_line"]

_OURS_ALONE: Final = 0o600
_LARGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ledger:
    """The segments that are gone, and how many flows of each name left in which way."""

    segments: frozenset[int] = frozenset()
    counts: Mapping[Outcome, Mapping[str, int]] = field(default_factory=dict)


class LedgerFile:
    """Lines of JSON, each behind its CRC-32; a line that is not whole counts for nothing."""

    def __init__(self, path: Path) -> None:
        """Use this file, which need not be there yet."""
        self._path = path

    def append(self, line: bytes) -> None:
        """Note what became of a segment's records; raises OSError."""
        self._write(os.O_APPEND, line)

    def read(self) -> Ledger:
        """Return the sum of all lines."""
        segments: set[int] = set()
        sums: dict[Outcome, Counter[str]] = {}
        for line in self._lines():
            segments.update(line["segments"])
            for outcome, flows in line["counts"].items():
                sums.setdefault(Outcome[outcome], Counter()).update(flows)
        return Ledger(frozenset(segments), sums)

    def compact(self) -> None:
        """Make one line of many, once they are, while no segment of theirs is left; raises OSError."""
        if self._path.exists() and self._path.stat().st_size > _LARGEST:
            new = LedgerFile(self._path.with_suffix(".new"))
            ledger = self.read()
            new._write(os.O_TRUNC, ledger_line(sorted(ledger.segments)[-1:], ledger.counts))
            new._path.replace(self._path)

    def _lines(self) -> list[dict[str, Any]]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return []
        found = []
        for line in content.splitlines():
            checksum, _, text = line.partition(b" ")
            if checksum == b"%08x" % crc32(text):
                found.append(json.loads(text))
        return found

    def _write(self, flags: int, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, _OURS_ALONE)
        try:
            if os.write(descriptor, line) < len(line):
                raise OSError(errno.ENOSPC, "written in part only", str(self._path))
        finally:
            os.close(descriptor)


def ledger_line(segments: list[int], counts: Mapping[Outcome, Mapping[str, int]]) -> bytes:
    """Return the line for segments that are gone."""
    named = {outcome.name: dict(flows) for outcome, flows in counts.items() if flows}
    text = json.dumps({"segments": segments, "counts": named}, separators=(",", ":")).encode()
    return b"\n%08x %s\n" % (crc32(text), text)  # begins anew after a line that was cut short
