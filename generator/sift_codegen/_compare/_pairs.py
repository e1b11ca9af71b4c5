"""What two configs both have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from sift_codegen._config import ChannelConfig, FlowConfig

__all__ = ["ChannelsByKey", "channels_by_key", "shared_channels", "shared_flows"]

ChannelsByKey: TypeAlias = dict[tuple[str, int], ChannelConfig]
"""Channels, in order, by name and a count of those of that name before: a server may have a name with two types."""


def shared_flows(
    before: tuple[FlowConfig, ...], after: tuple[FlowConfig, ...]
) -> Iterator[tuple[FlowConfig, FlowConfig]]:
    """Yield the flows that both have."""
    new = {flow.name: flow for flow in after}
    return ((flow, new[flow.name]) for flow in before if flow.name in new)


def shared_channels(before: FlowConfig, after: FlowConfig) -> Iterator[tuple[ChannelConfig, ChannelConfig]]:
    """Yield the channels that both have."""
    new = channels_by_key(after.channels)
    return ((channel, new[key]) for key, channel in channels_by_key(before.channels).items() if key in new)


def channels_by_key(channels: Iterable[ChannelConfig]) -> ChannelsByKey:
    """Return channels by what makes them the same in another config."""
    seen: Counter[str] = Counter()
    keyed: ChannelsByKey = {}
    for channel in channels:
        keyed[channel.name, seen[channel.name]] = channel
        seen[channel.name] += 1
    return keyed
