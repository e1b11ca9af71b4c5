"""What changes on the wire between two lists of flows."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._compare._change import Change, ChangeClass, Side
from sift_codegen._compare._order import moved
from sift_codegen._compare._pairs import ChannelsByKey, channels_by_key, shared_channels
from sift_codegen._compare._parts import part_changes
from sift_codegen._config import ChannelConfig, FlowConfig

__all__ = ["wire_changes"]


def wire_changes(before: tuple[FlowConfig, ...], after: tuple[FlowConfig, ...]) -> Iterator[Change]:
    """Yield what the wire tells apart, WIRE and ADDED: flow by flow what was there, then new flows."""
    new = {flow.name: flow for flow in after}
    for flow in before:
        if its := new.pop(flow.name, None):
            yield from _changes_of_flow(flow, its)
        else:
            yield Change(ChangeClass.WIRE, flow.name, None, "flow removed", _flow_side(flow), None)
    for flow in new.values():
        yield Change(ChangeClass.ADDED, flow.name, None, "new flow", None, _flow_side(flow))


def _changes_of_flow(before: FlowConfig, after: FlowConfig) -> Iterator[Change]:
    old, new = channels_by_key(before.channels), channels_by_key(after.channels)
    for rank, (key, channel) in enumerate(old.items()):
        if key not in new:
            side = _channel_side(channel, rank, old)
            yield Change(ChangeClass.WIRE, before.name, channel.name, "channel removed", side, None)
    yield from _moves(before.name, old, new)
    yield from _additions(before.name, old, new)
    for one, other in shared_channels(before, after):
        yield from _changes_of_channel(before.name, one, other)


def _moves(flow: str, old: ChannelsByKey, new: ChannelsByKey) -> Iterator[Change]:
    ranks = {key: rank for rank, key in enumerate(old)}
    shared = [(rank, key) for rank, key in enumerate(new) if key in ranks]
    for index in moved([ranks[key] for _, key in shared]):
        rank, key = shared[index]
        before = Side(_place(ranks[key], old), old[key].position)
        after = Side(_place(rank, new), new[key].position)
        yield Change(ChangeClass.WIRE, flow, key[0], "channel moved", before, after)


def _additions(flow: str, old: ChannelsByKey, new: ChannelsByKey) -> Iterator[Change]:
    last_shared = max((rank for rank, key in enumerate(new) if key in old), default=-1)
    for rank, (key, channel) in enumerate(new.items()):
        if key in old:
            continue
        side = _channel_side(channel, rank, new)
        if rank < last_shared:
            yield Change(ChangeClass.WIRE, flow, channel.name, "channel inserted before the end", None, side)
        else:
            yield Change(ChangeClass.ADDED, flow, channel.name, "channel appended", None, side)


def _changes_of_channel(flow: str, before: ChannelConfig, after: ChannelConfig) -> Iterator[Change]:
    if before.data_type is after.data_type:
        yield from part_changes(flow, before, after)
    else:
        sides = _type_side(before), _type_side(after)
        yield Change(ChangeClass.WIRE, flow, before.name, "data type", *sides)


def _type_side(channel: ChannelConfig) -> Side:
    return Side(channel.data_type.value, channel.key_positions.get("data_type", channel.position))


def _channel_side(channel: ChannelConfig, rank: int, channels: ChannelsByKey) -> Side:
    return Side(f"{channel.data_type.value}, {_place(rank, channels)}", channel.position)


def _flow_side(flow: FlowConfig) -> Side:
    return Side(f"{len(flow.channels)} channel{'' if len(flow.channels) == 1 else 's'}", flow.position)


def _place(rank: int, channels: ChannelsByKey) -> str:
    return f"{rank + 1} of {len(channels)}"
