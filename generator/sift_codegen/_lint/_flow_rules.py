"""Rules about what flows list, and what the map of channels lends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sift_codegen._config import ChannelConfig, TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._lint._channels import defined_channels
from sift_codegen._lint._finding import found
from sift_codegen._lint._walk import is_alias, root_entry, written_nodes
from sift_codegen._read_config import Document
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Node, Scalar, Sequence

__all__ = ["check_channel_map", "check_emptiness", "check_sameness"]

_TEXTS: Final = ("unit", "description")


def check_sameness(config: TelemetryConfig) -> Iterator[Diagnostic]:
    """Yield SC301 and SC302: one name is one channel, in whichever flow."""
    by_name: dict[str, ChannelConfig] = {}
    by_type: dict[object, ChannelConfig] = {}
    for channel in defined_channels(config):
        first = by_name.setdefault(channel.name, channel)
        known = by_type.get((channel.name, channel.data_type))
        if known is None and first.data_type is not channel.data_type:
            message = (
                f"channel {channel.name!r} is {channel.data_type.value} here and {first.data_type.value} elsewhere"
            )
            yield _differing("SC301", channel, first, message)
        by_type.setdefault((channel.name, channel.data_type), channel)
        for key in _TEXTS:
            here, there = getattr(channel, key), getattr(known, key, None)
            if known and here != there:
                message = f"channel {channel.name!r} has the {key} {here!r} here and {there!r} elsewhere"
                yield _differing("SC302", channel, known, message)


def _differing(code: str, channel: ChannelConfig, first: ChannelConfig, message: str) -> Diagnostic:
    notes, also = [f"there: {first.position}"], [first.position]
    for which in (channel, first):
        if which.definition not in (which.position, *also):
            notes.append(f"the anchor is at {which.definition}")
            also.append(which.definition)
    return found(code, channel.position, message, *notes, also=tuple(also))


def check_channel_map(root: Child | None) -> Iterator[Diagnostic]:
    """Yield SC305: entries of the top-level `channels` that no alias names, or that have one name."""
    entry = root_entry(root, "channels")
    if entry is None or not isinstance(entry.value.node, Mapping):
        return
    used: set[Node] = {
        child.node for child in written_nodes(root) if isinstance(child.node, Mapping) and is_alias(child)
    }
    names: dict[str, Position] = {}
    for each in entry.value.node.entries:
        node = each.value.node
        if not isinstance(node, Mapping):
            continue
        if node not in used:
            message = f"entry {each.key.text!r} of 'channels' is used nowhere"
            yield found("SC305", each.key.position, message, "list it in a flow, or remove it")
        yield from _same_name(each, node, names)


def _same_name(entry: Entry, node: Mapping, names: dict[str, Position]) -> Iterator[Diagnostic]:
    written = next((each.value.node for each in node.entries if each.key.text == "name"), None)
    if not isinstance(written, Scalar):
        return
    first = names.setdefault(written.text, entry.key.position)
    if first is not entry.key.position:
        message = f"entry {entry.key.text!r} of 'channels' defines {written.text!r}, as another entry does"
        yield found("SC305", entry.key.position, message, f"first at {first}", also=(first,))


def check_emptiness(config: TelemetryConfig, document: Document) -> Iterator[Diagnostic]:
    """Yield SC306: an asset or a flow without a name, a flow without channels."""
    asset = root_entry(document.root, "asset_name")
    if asset and isinstance(asset.value.node, Scalar) and asset.value.node.value == "":
        yield found("SC306", asset.value.position, "the asset has no name: 'asset_name' is empty")
    for flow in config.flows:
        if not flow.name:
            yield found("SC306", flow.position, "a flow has no name: 'name' is empty")
    for place in _empty_lists(document.root):
        yield found("SC306", place, "a flow has no channels: nothing can be sent in it")


def _empty_lists(root: Child | None) -> Iterator[Position]:
    flows = root_entry(root, "flows")
    for item in flows.value.node.items if flows and isinstance(flows.value.node, Sequence) else ():
        for entry in item.node.entries if isinstance(item.node, Mapping) else ():
            node = entry.value.node
            if entry.key.text == "channels" and isinstance(node, Sequence) and not node.items:
                yield entry.value.position
