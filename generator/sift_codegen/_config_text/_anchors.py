"""Which channels several flows share, and the anchor that each of them gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sift_codegen._config import ChannelConfig, FlowConfig
from sift_codegen._python_names import identifier

__all__ = ["anchors_of"]

_LONGEST: Final = 60


def anchors_of(flows: Sequence[FlowConfig]) -> dict[ChannelConfig, str]:
    """Return the channels that are used more than once, in the order of their first use, with unique anchors.

    An anchor is the channel's name as far as it can be, and a number where another channel has got it.
    """
    uses = Counter(channel for flow in flows for channel in flow.channels)
    taken: set[str] = set()
    anchors: dict[ChannelConfig, str] = {}
    for channel in uses:
        if uses[channel] > 1:
            anchors[channel] = _untaken(identifier(channel.name, frozenset())[:_LONGEST], taken)
            taken.add(anchors[channel])
    return anchors


def _untaken(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
