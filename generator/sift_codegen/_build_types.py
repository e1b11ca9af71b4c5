"""From a channel to the model of its enum or bit-field struct."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sift_codegen._config import BitFieldElementConfig, ChannelConfig
from sift_codegen._literals import docstring_text, text_literal
from sift_codegen._package_model import BitFieldModel, ElementModel, EnumModel, MemberModel
from sift_codegen._symbols import Symbols

__all__ = ["build_bit_field", "build_enum"]

_MOST_TERMS: Final = 100


def build_enum(channel: ChannelConfig, symbols: Symbols) -> EnumModel:
    """Return the model of an enum channel's IntEnum; members in the order of the config."""
    members = []
    for enum_type in channel.enum_types:
        name = symbols.member(channel, enum_type.name)
        label = None if name == enum_type.name else f"Label `{docstring_text(enum_type.name)}`."
        members.append(MemberModel(name=name, key=enum_type.key, doc=label))
    return EnumModel(
        class_name=symbols.type_class(channel), doc=_doc("Labels of channel", channel), members=tuple(members)
    )


def build_bit_field(channel: ChannelConfig, symbols: Symbols) -> BitFieldModel:
    """Return the model of a bit-field channel's struct; elements in the order of the config, placed by their index."""
    elements = channel.bit_field_elements
    bits = max((element.index + element.bit_count for element in elements), default=0)
    return BitFieldModel(
        class_name=symbols.type_class(channel),
        doc=_doc("Elements of bit field", channel),
        byte_count=(bits + 7) // 8,
        elements=tuple(_element(channel, element, symbols) for element in elements),
        overflows=_grouped(
            "or", (f"self.{symbols.member(channel, element.name)} >> {element.bit_count}" for element in elements)
        ),
        terms=_grouped("|", (_shifted(symbols.member(channel, element.name), element.index) for element in elements)),
    )


def _shifted(name: str, index: int) -> str:
    return f"self.{name} << {index}" if index else f"self.{name}"


def _grouped(operator: str, terms: Iterable[str]) -> tuple[str, ...]:
    """Return the terms, of very many in groups: each operator nests one deeper.

    Python compiles only so deep, and pyright reads no deeper than 256.
    """
    terms = tuple(terms)
    if len(terms) <= _MOST_TERMS:
        return terms
    groups = (terms[start : start + _MOST_TERMS] for start in range(0, len(terms), _MOST_TERMS))
    return _grouped(operator, (f"({f' {operator} '.join(group)})" for group in groups))


def _element(channel: ChannelConfig, element: BitFieldElementConfig, symbols: Symbols) -> ElementModel:
    name = symbols.member(channel, element.name)
    last = element.index + element.bit_count - 1
    place = f"bit {element.index}" if element.bit_count == 1 else f"bits {element.index} to {last}"
    high = (1 << element.bit_count) - 1
    limit = f"0 to {high}" if element.bit_count <= 64 else f"0 to 2**{element.bit_count} - 1"
    mask = hex(high) if element.bit_count <= 64 else f"((1 << {element.bit_count}) - 1)"
    return ElementModel(
        field=name,
        doc=f"Element `{docstring_text(element.name)}`: {place}, {limit}.",
        wire_name=text_literal(element.name),
        bit_count=element.bit_count,
        extracted=f"bits >> {element.index} & {mask}" if element.index else f"bits & {mask}",
    )


def _doc(title: str, channel: ChannelConfig) -> str:
    heading = f"{title} `{docstring_text(channel.name)}`."
    return f"{heading}\n\n{docstring_text(channel.description)}" if channel.description else heading
