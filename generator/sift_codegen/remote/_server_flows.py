"""Flows of a server as the generator's own model has them; they stand in no file."""

from __future__ import annotations

from typing import Final

from sift_codegen._config import BitFieldElementConfig, ChannelConfig, DataType, EnumTypeConfig, FlowConfig
from sift_codegen._diagnostics import Position, SourceFile
from sift_runtime import Channel, FlowSchema

__all__ = ["flow_configs"]

_NOWHERE: Final = Position(SourceFile("the server", "", ""), 1, 1)


def flow_configs(flows: tuple[FlowSchema, ...]) -> tuple[FlowConfig, ...]:
    """Return the flows in the server's order; their positions mean nothing."""
    return tuple(
        FlowConfig(name=flow.name, channels=tuple(map(_channel, flow.channels)), position=_NOWHERE) for flow in flows
    )


def _channel(channel: Channel) -> ChannelConfig:
    return ChannelConfig(
        name=channel.name,
        data_type=DataType[channel.data_type.name],
        description=channel.description,
        unit=channel.unit,
        enum_types=tuple(
            EnumTypeConfig(name=label.name, key=label.key, position=_NOWHERE) for label in channel.enum_types
        ),
        bit_field_elements=tuple(
            BitFieldElementConfig(
                name=element.name, index=element.index, bit_count=element.bit_count, position=_NOWHERE
            )
            for element in channel.bit_field_elements
        ),
        position=_NOWHERE,
        name_position=_NOWHERE,
        definition=_NOWHERE,
        key_positions={},
    )
