"""The known word that a misspelt one was meant to be."""

from __future__ import annotations

import difflib
import heapq
import itertools
from collections.abc import Iterable
from typing import Final

__all__ = ["did_you_mean", "folded"]

# Comparing costs the product of the lengths, for each candidate; a suggestion is worth only so much.
_LONGEST: Final = 100
_MOST_CANDIDATES: Final = 2000
_MOST_COMPARED: Final = 20


def did_you_mean(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return one note that names the nearest known word, or none if nothing is near."""
    if len(word) > _LONGEST:
        return ()
    candidates = (candidate for candidate in known if len(candidate) <= _LONGEST)
    by_folded = {folded(candidate): candidate for candidate in itertools.islice(candidates, _MOST_CANDIDATES)}
    wanted = folded(word)
    # A slip of the fingers leaves what is before and behind it; of thousands of names, that finds the few to compare.
    likely = heapq.nlargest(_MOST_COMPARED, by_folded, key=lambda candidate: _shared_ends(wanted, candidate))
    near = difflib.get_close_matches(wanted, likely, n=1, cutoff=0.6)
    return (f"did you mean {by_folded[near[0]]!r}?",) if near else ()


def folded(word: str) -> str:
    """Return a word without what people get wrong first: case and underscores."""
    return word.lower().replace("_", "").replace("-", "")


def _shared_ends(one: str, other: str) -> int:
    return _shared_beginning(one, other) + _shared_beginning(one[::-1], other[::-1])


def _shared_beginning(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((length for length, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))
