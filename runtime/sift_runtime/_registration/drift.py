"""How a flow on the server differs from the package's: in what its bytes mean, or in what is said about it."""

from __future__ import annotations

from collections import Counter
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
        for what, package, server, show in (
            ("data type", [mine.data_type], [its.data_type], _type_name),
            ("enum types", _labels(mine), _labels(its), _shown_labels),
            ("bit field elements", _elements(mine), _elements(its), _shown_elements),
        ):
            if package != server:
                yield f"{where}: {what} {here}: {show(mine) or 'none'}; {there}: {show(its) or 'none'}"


def _order_drift(ours: messages.FlowConfig, theirs: messages.FlowConfig, here: str, there: str) -> Iterator[str]:
    """Yield how two lists of names differ; a name may stand twice in a flow of the server, with two types."""
    mine, its = [channel.name for channel in ours.channels], [channel.name for channel in theirs.channels]
    counts, their_counts = Counter(mine), Counter(its)
    for name in dict.fromkeys((*mine, *its)):
        where = f"flow {ours.name!r}, channel {name!r}"
        if not their_counts[name]:
            yield f"{where}: {here}; not {there}"
        elif not counts[name]:
            yield f"{where}: not {here}; {there}"
        elif counts[name] != their_counts[name]:
            yield f"{where}: stands {_times(counts[name])} {here}; {_times(their_counts[name])} {there}"
    if counts == their_counts:
        position = next(number for number, pair in enumerate(zip(mine, its, strict=True)) if pair[0] != pair[1])
        where = f"flow {ours.name!r}, channel {position + 1} of {len(mine)}"
        yield f"{where}: {mine[position]!r} {here}; {its[position]!r} {there}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


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


def _labels(channel: messages.ChannelConfig) -> list[tuple[int, str]]:
    return sorted((label.key, label.name) for label in channel.enum_types)


def _shown_labels(channel: messages.ChannelConfig) -> str:
    return ", ".join(f"{name} = {key}" for key, name in _labels(channel))


def _elements(channel: messages.ChannelConfig) -> list[tuple[int, int, str]]:
    return sorted((element.index, element.bit_count, element.name) for element in channel.bit_field_elements)


def _shown_elements(channel: messages.ChannelConfig) -> str:
    return ", ".join(f"{name} at {index}, {bit_count} bits" for index, bit_count, name in _elements(channel))
