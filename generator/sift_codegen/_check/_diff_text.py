"""A unified diff of what is on disk and what would be generated, no longer than somebody reads."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from sift_codegen._check._inspect import FileFinding
from sift_codegen._literals import comment_text

__all__ = ["DiffText", "diff_text"]

_MOST_COMPARED: Final = 10_000  # lines that differ, of one file; what compares them takes more than linear time


@dataclass(frozen=True, slots=True)
class DiffText:
    """Lines to show, and how many more lines, and files beside them, there are."""

    lines: tuple[str, ...]
    more_lines: int
    more_files: int


def diff_text(findings: Iterable[FileFinding], directory: str, most: int) -> DiffText:
    """Return the diff of the given files, at most so many lines of it."""
    files = list(findings)
    shown: list[str] = []
    for number, finding in enumerate(files, start=1):
        lines = _diff(finding, directory)
        room = most - len(shown)
        shown += lines[:room]
        if len(lines) > room:
            return DiffText(tuple(shown), len(lines) - room, len(files) - number)
    return DiffText(tuple(shown), 0, 0)


def _diff(finding: FileFinding, directory: str) -> list[str]:
    found, generated = _lines(finding.found), _lines(finding.generated)
    names = f"{directory}/{finding.path}", f"{directory}/{finding.path} (generated)"
    if len(found) + len(generated) - 2 * _shared(found, generated) > _MOST_COMPARED:
        whole = [*(f"-{line}" for line in found), *(f"+{line}" for line in generated)]
        return [f"--- {names[0]}", f"+++ {names[1]}", *whole]
    return list(difflib.unified_diff(found, generated, *names, lineterm=""))


def _shared(found: list[str], generated: list[str]) -> int:
    """Return how many lines at both ends are the same."""
    pairs = list(zip(found, generated, strict=False))
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    backwards = zip(reversed(found[start:]), reversed(generated[start:]), strict=False)
    return start + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))


def _lines(content: bytes | None) -> list[str]:
    """Return lines that a terminal shows and does not obey."""
    return [comment_text(line) for line in (content or b"").decode("utf-8", "replace").splitlines()]
