"""Rules about enum labels and bit-field elements that the reader takes as they are."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._config import BitFieldElementConfig, ChannelConfig, DataType, TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._lint._channels import defined_channels, used_notes, value_position
from sift_codegen._lint._finding import found

__all__ = ["check_parts"]

_WIDEST = 64


def check_parts(config: TelemetryConfig) -> Iterator[Diagnostic]:
    """Yield SC103, SC104 and SC205 to SC208."""
    names = {channel.name: channel for flow in config.flows for channel in flow.channels}
    for channel in defined_channels(config):
        if channel.data_type is DataType.ENUM:
            yield from _check_enum(channel)
        elif channel.data_type is DataType.BIT_FIELD:
            yield from _check_bit_field(channel)
            yield from _check_element_names(channel, names)


def _check_enum(channel: ChannelConfig) -> Iterator[Diagnostic]:
    if not channel.enum_types and "enum_types" in channel.key_positions:
        yield _of(channel, "SC103", value_position(channel, "enum_types"), "has no labels")
    for label in channel.enum_types:
        if not label.name:
            yield _of(channel, "SC104", label.position, f"has a label without a text, of key {label.key}")


def _check_bit_field(channel: ChannelConfig) -> Iterator[Diagnostic]:
    place = value_position(channel, "bit_field_elements")
    elements = sorted(channel.bit_field_elements, key=lambda element: element.index)
    if not elements:
        if "bit_field_elements" in channel.key_positions:
            yield _of(channel, "SC205", place, "has no elements")
        return
    width = max(_end(element) for element in elements)
    if width > _WIDEST:
        yield _of(channel, "SC206", place, f"is {width} bits wide, more than {_WIDEST}")
    if gaps := list(_gaps(elements)):
        yield _of(channel, "SC207", place, f"leaves {', '.join(gaps)} without a name")
    if [element.index for element in channel.bit_field_elements] != [element.index for element in elements]:
        yield _of(channel, "SC207", place, "lists its elements in another order than that of their bits")


def _gaps(elements: list[BitFieldElementConfig]) -> Iterator[str]:
    ends = [0, *(_end(element) for element in elements)]
    for end, element in zip(ends, elements, strict=False):
        if element.index > end:
            yield f"bit {end}" if element.index == end + 1 else f"bits {end} to {element.index - 1}"


def _check_element_names(channel: ChannelConfig, names: dict[str, ChannelConfig]) -> Iterator[Diagnostic]:
    for element in channel.bit_field_elements:
        other = names.get(f"{channel.name}.{element.name}")
        if other:
            message = f"has an element {element.name!r}, which Sift calls {other.name!r}, as it does another channel"
            yield _of(channel, "SC208", element.position, message, other.position)


def _of(channel: ChannelConfig, code: str, place: Position, message: str, other: Position | None = None) -> Diagnostic:
    notes, also = used_notes(channel, place)
    if other:
        notes, also = (*notes, f"the channel: {other}"), (*also, other)
    return found(code, place, f"channel {channel.name!r} {message}", *notes, also=also)


def _end(element: BitFieldElementConfig) -> int:
    return element.index + element.bit_count
