"""Readable, unique SQL names for whatever names come over the wire."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

__all__ = ["NameAllocator", "quoted", "readable_name"]

_LONGEST = 200


def readable_name(wire_name: str, fallback: str) -> str:
    """Keep the wire name, but no control characters and at most 200 characters; `fallback` stands for an empty one."""
    kept = "".join("_" if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in wire_name)
    return kept.strip()[:_LONGEST] or fallback


def quoted(name: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


class NameAllocator:
    """Hands out names that stay distinct in DuckDB, which compares identifiers without regard to case.

    The comparison here is wider still (Unicode compatibility forms, full case folding), so it never lets a clash by.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Start with the names that are in use."""
        self._taken = {_folded(name) for name in taken}

    def allocate(self, name: str, suffix: str = "") -> str:
        """Return `name`, else `name_suffix`, else with a growing number; the result counts as taken from now on."""
        candidate, number = name, 1
        while _folded(candidate) in self._taken:
            candidate = f"{name}_{suffix}" if suffix and number == 1 else f"{name}_{suffix}{number + 1 - bool(suffix)}"
            number += 1
        self._taken.add(_folded(candidate))
        return candidate


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
