"""Which items of a list have moved, where as many as possible are taken to have stayed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["moved"]


def moved(ranks: Sequence[int]) -> list[int]:
    """Return the indexes of what has moved, given where each item stood before; no two stood in one place.

    What has stayed is the longest increasing subsequence. Takes n log n steps, n where nothing has moved.
    """
    if all(left < right for left, right in pairwise(ranks)):
        return []
    last_ranks: list[int] = []
    last_indexes: list[int] = []
    previous: list[int] = []
    for index, rank in enumerate(ranks):
        length = bisect_left(last_ranks, rank)
        previous.append(last_indexes[length - 1] if length else -1)
        last_ranks[length : length + 1] = [rank]
        last_indexes[length : length + 1] = [index]
    stayed: set[int] = set()
    index = last_indexes[-1]
    while index >= 0:
        stayed.add(index)
        index = previous[index]
    return [index for index in range(len(ranks)) if index not in stayed]
