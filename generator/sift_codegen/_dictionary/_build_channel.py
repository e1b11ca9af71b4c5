"""From a channel to its entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sift_codegen._config import ChannelConfig, DataType
from sift_codegen._dictionary._bit_layout import COLOURS, lay_out_bits
from sift_codegen._dictionary._index import Index
from sift_codegen._dictionary._model import ChannelEntry, ElementEntry, LabelEntry
from sift_codegen._dictionary._places import place_of
from sift_codegen._symbols import Symbols

__all__ = ["build_channel"]

_PYTHON: Final = {DataType.BOOL: "bool", DataType.STRING: "str", DataType.BYTES: "bytes"}
_LONGEST_DECIMAL: Final = 64  # bits


def build_channel(channel: ChannelConfig, index: Index, symbols: Symbols) -> ChannelEntry:
    """Return a channel's entry."""
    elements = channel.bit_field_elements
    namesakes = (other for other in index.by_name[channel.name] if other != channel)
    return ChannelEntry(
        anchor=index.anchors[channel],
        name=channel.name,
        data_type=channel.data_type.value,
        unit=channel.unit,
        description=channel.description,
        python_type=_python_type(channel, symbols),
        labels=tuple(
            LabelEntry(name=label.name, key=label.key, symbol=symbols.member(channel, label.name))
            for label in channel.enum_types
        ),
        elements=tuple(_elements(channel, symbols)),
        layout=lay_out_bits(elements) if elements else None,
        uses=tuple(index.uses[channel]),
        rules=tuple(index.rules.get(channel.name, ())),
        namesakes=tuple(index.link(other) for other in namesakes),
        place=place_of(channel.name_position),
    )


def _python_type(channel: ChannelConfig, symbols: Symbols) -> str:
    match channel.data_type:
        case DataType.ENUM | DataType.BIT_FIELD:
            return symbols.type_class(channel)
        case DataType.DOUBLE | DataType.FLOAT:
            return "float"
    return _PYTHON.get(channel.data_type, "int")


def _elements(channel: ChannelConfig, symbols: Symbols) -> Iterator[ElementEntry]:
    for number, element in enumerate(channel.bit_field_elements):
        bits = element.bit_count
        yield ElementEntry(
            name=element.name,
            first=element.index,
            last=element.index + bits - 1,
            highest=str((1 << bits) - 1) if bits <= _LONGEST_DECIMAL else f"2**{bits} - 1",
            symbol=symbols.member(channel, element.name),
            colour=number % COLOURS,
        )
