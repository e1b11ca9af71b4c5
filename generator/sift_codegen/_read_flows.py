"""Flows, and the map of channels that only lends its anchors."""

from __future__ import annotations

from typing import Final

from sift_codegen._config import ChannelConfig, FlowConfig
from sift_codegen._config_reader import ConfigReader, Fields
from sift_codegen._read_channels import ChannelReader
from sift_codegen._yaml_nodes import Child, Mapping, Scalar, Sequence, describe

__all__ = ["FLOW_KEYS", "read_channel_map", "read_flows"]

FLOW_KEYS: Final = ("name", "channels")


def read_channel_map(child: Child, reader: ConfigReader, channels: ChannelReader) -> None:
    """Check the entries of the top-level `channels`; flows use them by their anchors."""
    for key, entry in reader.entries(child, "'channels'").items():
        channels.read(entry.value, f"entry {key!r} of 'channels'")


def read_flows(child: Child, reader: ConfigReader, channels: ChannelReader) -> tuple[FlowConfig, ...]:
    """Return the flows, in order."""
    flows: dict[str, FlowConfig] = {}
    for item in reader.items(child, "'flows'"):
        fields = reader.fields(item, "a flow", FLOW_KEYS)
        name = fields.required_text("name") if fields else None
        if fields is None or name is None:
            continue
        flow = _read_flow(fields, name, channels)
        # Of a flow that an alias lists, the name stands where the anchor is.
        listed = flow.position if item.position == item.node.position else item.position
        first = flows.setdefault(name, flow)
        if first is not flow:
            message, note = f"the flow {name!r} stands twice", f"first at {first.position}"
            reader.findings.error(listed, message, note, code="SC308", also=(first.position,))
    return tuple(flows.values())


def _read_flow(fields: Fields, name: str, channels: ChannelReader) -> FlowConfig:
    reader = fields.reader
    where = f"a channel of flow {name!r}"
    child = Fields(reader, fields.place, f"flow {name!r}", fields.entries).required("channels")
    items = reader.items(child, f"'channels' of flow {name!r}") if child else []
    found: dict[str, ChannelConfig] = {}
    for item in items:
        if not isinstance(item.node, Mapping):
            message = f"{where} must be a mapping, found {describe(item.node)}"
            reader.error(item, message, *_mend(item.node), code="SC005")
            continue
        channel = channels.read(item, where)
        if channel is None:
            continue
        first = found.setdefault(channel.name, channel)
        if first is not channel:
            message = f"the channel {channel.name!r} stands twice in flow {name!r}"
            note = f"first at {first.position}"
            reader.findings.error(channel.position, message, note, code="SC309", also=(first.position,))
    position = fields.entries["name"].value.position
    return FlowConfig(name=name, channels=tuple(found.values()), position=position)


def _mend(node: Scalar | Sequence) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return ("a list cannot stand inside a list of channels; share a whole list as `channels: *name`",)
    if isinstance(node.value, str) and node.value:
        return (f"to use an anchored channel, write `- *{node.value}` or `- <<: *{node.value}`",)
    return ()
