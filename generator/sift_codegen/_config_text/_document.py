"""The whole file: what is shared once under `channels`, and flows that use it by its alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sift_codegen._config import ChannelConfig, FlowConfig
from sift_codegen._config_text._anchors import anchors_of
from sift_codegen._config_text._scalars import scalar
from sift_codegen._literals import comment_text

__all__ = ["ConfigParts", "config_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigParts:
    """What goes into the file; comments stand at its beginning, a line each.

    `optional_channels` holds the channels that may be left out, by flow.
    """

    comments: tuple[str, ...] = ()
    asset_name: str
    client_key: str | None = None
    flows: tuple[FlowConfig, ...]
    optional_channels: Mapping[str, Sequence[str]] = field(default_factory=dict)


def config_text(parts: ConfigParts) -> str:
    """Return the config as YAML: the same text for the same parts."""
    return "\n".join(_document(parts)) + "\n"


def _document(parts: ConfigParts) -> Iterator[str]:
    for comment in parts.comments:
        yield f"# {comment_text(comment)}".rstrip()
    yield f"asset_name: {scalar(parts.asset_name)}"
    if parts.client_key is not None:
        yield f"ingestion_client_key: {scalar(parts.client_key)}"
    anchors = anchors_of(parts.flows)
    if anchors:
        yield from ("", "channels:")
        for channel, anchor in anchors.items():
            yield f"  {scalar(anchor)}: &{anchor}"
            yield from ("    " + line for line in _channel(channel))
    yield ""
    yield from _flows(parts.flows, anchors)
    yield from _optional(parts.optional_channels)


def _flows(flows: Sequence[FlowConfig], anchors: Mapping[ChannelConfig, str]) -> Iterator[str]:
    yield "flows:" if flows else "flows: []"
    for flow in flows:
        yield f"  - name: {scalar(flow.name)}"
        yield "    channels:" if flow.channels else "    channels: []"
        for channel in flow.channels:
            lines = [f"*{anchors[channel]}"] if channel in anchors else _channel(channel)
            for number, line in enumerate(lines):
                yield f"      {'  ' if number else '- '}{line}"


def _optional(channels: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if any(channels.values()):
        yield from ("", "x-sift-codegen:", "  optional:")
        for flow, names in channels.items():
            if names:
                yield f"    {scalar(flow)}:"
                yield from (f"      - {scalar(name)}" for name in names)


def _channel(channel: ChannelConfig) -> Iterator[str]:
    yield f"name: {scalar(channel.name)}"
    yield f"data_type: {channel.data_type.value}"
    for key, text in (("unit", channel.unit), ("description", channel.description)):
        if text:
            yield f"{key}: {scalar(text)}"
    labels = [f"{{name: {scalar(label.name)}, key: {label.key}}}" for label in channel.enum_types]
    elements = [
        f"{{name: {scalar(element.name)}, index: {element.index}, bit_count: {element.bit_count}}}"
        for element in channel.bit_field_elements
    ]
    yield from _parts("enum_types", labels, is_needed=channel.data_type.value == "enum")
    yield from _parts("bit_field_elements", elements, is_needed=channel.data_type.value == "bit_field")


def _parts(key: str, parts: list[str], *, is_needed: bool) -> Iterator[str]:
    if parts:
        yield f"{key}:"
        yield from (f"  - {part}" for part in parts)
    elif is_needed:
        yield f"{key}: []"
