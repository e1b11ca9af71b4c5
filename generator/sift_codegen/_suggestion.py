"""The known word that a misspelt one was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return one note that names the nearest known word, or none if nothing is near."""
    by_folded = {candidate.lower().replace("_", ""): candidate for candidate in known}
    near = difflib.get_close_matches(word.lower().replace("_", ""), by_folded, n=1, cutoff=0.6)
    return (f"did you mean {by_folded[near[0]]!r}?",) if near else ()
