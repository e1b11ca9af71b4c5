"""Refuses flow definitions that no row could ever fit."""

from __future__ import annotations

from collections.abc import Sequence

from sift_receiver._bit_fields import LONGEST_BIT_FIELD
from sift_receiver._identifiers import invalid
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["check_flows"]


def check_flows(flows: Sequence[configs.FlowConfig]) -> None:
    """Raise INVALID_ARGUMENT for the first flow or channel that cannot be stored.

    Two channels of one name are legal if their types differ, because official clients tell them apart by both; this
    does not police it either way. Flow names are unique per config.
    """
    seen: set[str] = set()
    for flow in flows:
        if not flow.name:
            raise invalid("a flow has an empty name: give every flow a name")
        if flow.name in seen:
            raise invalid(f"flow {flow.name!r} stands twice in one request: flow names are unique per ingestion config")
        seen.add(flow.name)
        for channel in flow.channels:
            _check_channel(flow.name, channel)


def _check_channel(flow: str, channel: configs.ChannelConfig) -> None:
    place = f"flow {flow!r}, channel {channel.name!r}"
    if not channel.name:
        raise invalid(f"flow {flow!r} has a channel with an empty name: give every channel a name")
    if channel.data_type not in types.ChannelDataType.values() or not channel.data_type:
        raise invalid(f"{place}: data type {int(channel.data_type)} is unknown: use 1 (double) to 11 (bytes)")
    for element in channel.bit_field_elements:
        if element.index < 0 or not element.bit_count or element.index + element.bit_count > LONGEST_BIT_FIELD:
            raise invalid(
                f"{place}, element {element.name!r}: index {element.index} with {element.bit_count} bits is outside "
                f"0..{LONGEST_BIT_FIELD}: use an index of at least 0 and at least 1 bit"
            )
