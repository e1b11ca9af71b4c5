"""How a flow on the server differs from the package's: in what its bytes mean, or in what is said about it."""

from __future__ import annotations

from collections.abc import Iterator

from sift_runtime._schema import Channel, FlowSchema
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["documentation_drift", "flow_config", "wire_drift"]


def flow_config(schema: FlowSchema) -> messages.FlowConfig:
    """Return a flow as it is registered."""
    return messages.FlowConfig(name=schema.name, channels=[_channel_config(channel) for channel in schema.channels])


def _channel_config(channel: Channel) -> messages.ChannelConfig:
    return messages.ChannelConfig(
        name=channel.name,
        unit=channel.unit,
        description=channel.description,
        data_type=types.ChannelDataType.ValueType(channel.data_type.value),
        enum_types=[types.ChannelEnumType(name=label.name, key=label.key) for label in channel.enum_types],
        bit_field_elements=[
            types.ChannelBitFieldElement(name=element.name, index=element.index, bit_count=element.bit_count)
            for element in channel.bit_field_elements
        ],
    )


def wire_drift(
    ours: messages.FlowConfig,
    theirs: messages.FlowConfig,
    here: str = "in the package",
    there: str = "on the server",
) -> Iterator[str]:
    """Yield each difference that would change the meaning of what is sent; values go by position."""
    if [channel.name for channel in ours.channels] != [channel.name for channel in theirs.channels]:
        yield from _order_drift(ours, theirs, here, there)
        return
    for mine, its in zip(ours.channels, theirs.channels, strict=True):
        where = f"flow {ours.name!r}, channel {mine.name!r}"
        for what, package, server in (
            ("data type", _type_name(mine), _type_name(its)),
            ("enum types", _labels(mine), _labels(its)),
            ("bit field elements", _elements(mine), _elements(its)),
        ):
            if package != server:
                yield f"{where}: {what} {here}: {package or 'none'}; {there}: {server or 'none'}"


def _order_drift(ours: messages.FlowConfig, theirs: messages.FlowConfig, here: str, there: str) -> Iterator[str]:
    mine, its = [channel.name for channel in ours.channels], [channel.name for channel in theirs.channels]
    for missing in (name for name in mine if name not in its):
        yield f"flow {ours.name!r}, channel {missing!r}: {here}; not {there}"
    for extra in (name for name in its if name not in mine):
        yield f"flow {ours.name!r}, channel {extra!r}: not {here}; {there}"
    if sorted(mine) == sorted(its):
        position = next(number for number, pair in enumerate(zip(mine, its, strict=True)) if pair[0] != pair[1])
        where = f"flow {ours.name!r}, channel {position + 1} of {len(mine)}"
        yield f"{where}: {mine[position]!r} {here}; {its[position]!r} {there}"


def documentation_drift(ours: messages.FlowConfig, theirs: messages.FlowConfig) -> Iterator[str]:
    """Yield each difference in unit or description; call it for flows without wire drift."""
    for mine, its in zip(ours.channels, theirs.channels, strict=True):
        for what, package, server in (
            ("unit", mine.unit, its.unit),
            ("description", mine.description, its.description),
        ):
            if package != server:
                where = f"flow {ours.name!r}, channel {mine.name!r}"
                yield f"{where}: {what} {package!r} in the package; {server!r} on the server"


def _type_name(channel: messages.ChannelConfig) -> str:
    number = channel.data_type
    if number not in types.ChannelDataType.values():  # a type that is newer than our messages
        return f"type {number}"
    return types.ChannelDataType.Name(number).removeprefix("CHANNEL_DATA_TYPE_")


def _labels(channel: messages.ChannelConfig) -> str:
    return ", ".join(f"{label.name} = {label.key}" for label in sorted(channel.enum_types, key=lambda label: label.key))


def _elements(channel: messages.ChannelConfig) -> str:
    ordered = sorted(channel.bit_field_elements, key=lambda element: element.index)
    return ", ".join(f"{element.name} at {element.index}, {element.bit_count} bits" for element in ordered)
