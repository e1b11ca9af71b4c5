"""From a channel to the model of its enum or bit-field struct."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final

from sift_codegen._config import BitFieldElementConfig, ChannelConfig
from sift_codegen._layout import Brackets, Operators, Source, optional, record, tuple_of
from sift_codegen._literals import docstring_text, hex_literal, text_literal
from sift_codegen._package_model import BitFieldModel, ElementModel, EnumModel, MemberModel
from sift_codegen._python_names import module_name
from sift_codegen._symbols import Symbols

__all__ = ["build_bit_field", "build_enum", "element_doc", "element_entries", "type_modules"]

_MOST_TERMS: Final = 100


def type_modules(channels: Iterable[ChannelConfig], symbols: Symbols) -> dict[str, str]:
    """Return the module of each channel's class, by the channel's wire name.

    Where the classes of several would share one, on some system at least, each gets a part of its name's hash.
    """
    names = {channel.name: module_name(symbols.type_class(channel)) for channel in channels}
    shared = {module for module, count in Counter(names.values()).items() if count > 1}
    return {name: f"{module}_{_short_hash(name)}" if module in shared else module for name, module in names.items()}


def build_enum(channel: ChannelConfig, module: str, symbols: Symbols) -> EnumModel:
    """Return the model of an enum channel's IntEnum; members in the order of the config."""
    members = []
    for enum_type in channel.enum_types:
        name = symbols.member(channel, enum_type.name)
        label = None if name == enum_type.name else f"Label `{docstring_text(enum_type.name)}`."
        members.append(MemberModel(name=name, key=enum_type.key, doc=label))
    return EnumModel(
        class_name=symbols.type_class(channel),
        module=module,
        title=f"Enum channel `{docstring_text(channel.name)}`.",
        doc=_doc("Labels of channel", channel),
        members=tuple(members),
    )


def build_bit_field(channel: ChannelConfig, module: str, symbols: Symbols) -> BitFieldModel:
    """Return the model of a bit-field channel's struct; elements in the order of the config, placed by their index."""
    elements = channel.bit_field_elements
    bits = max((element.index + element.bit_count for element in elements), default=0)
    return BitFieldModel(
        class_name=symbols.type_class(channel),
        module=module,
        title=f"Bit-field channel `{docstring_text(channel.name)}`.",
        doc=_doc("Elements of bit field", channel),
        byte_count=(bits + 7) // 8,
        elements=tuple(_element(channel, element, symbols) for element in elements),
        overflow=_joined(
            "or ", (_shifted(symbols.member(channel, element.name), ">>", element.bit_count) for element in elements)
        ),
        packed=_joined(
            "| ", (_shifted(symbols.member(channel, element.name), "<<", element.index) for element in elements)
        ),
        entries=element_entries(channel, symbols),
    )


def element_doc(element: BitFieldElementConfig) -> str:
    """Return what is said of an element: its name, place and limits."""
    last = element.index + element.bit_count - 1
    place = f"bit {element.index}" if element.bit_count == 1 else f"bits {element.index} to {last}"
    limit = f"0 to {(1 << element.bit_count) - 1}" if element.bit_count <= 64 else f"0 to 2**{element.bit_count} - 1"
    return f"Element `{docstring_text(element.name)}`: {place}, {limit}."


def element_entries(channel: ChannelConfig, symbols: Symbols) -> Source:
    """Return the tuple of (wire name, bit count, value) of each element of `self`."""
    return tuple_of(
        record(text_literal(each.name), str(each.bit_count), f"self.{symbols.member(channel, each.name)}")
        for each in channel.bit_field_elements
    )


def _shifted(name: str, operator: str, bits: int) -> Source:
    value = f"self.{name}"
    return Operators((("", value), (f"{operator} ", str(bits)))) if bits else value


def _joined(operator: str, terms: Iterable[Source]) -> Source:
    """Return the terms behind each other, of very many in groups: each operator nests one deeper.

    Python compiles only so deep, and pyright reads no deeper than 256.
    """
    terms = tuple(terms)
    if not terms:
        return "0"
    return optional(_operators(operator, _grouped(operator, terms)))


def _grouped(operator: str, terms: tuple[Source, ...]) -> tuple[Source, ...]:
    if len(terms) <= _MOST_TERMS:
        return terms
    size = min(_MOST_TERMS, -(-len(terms) // 3))  # three groups at least: black lays two out in a way of its own
    groups = (terms[start : start + size] for start in range(0, len(terms), size))
    return _grouped(operator, tuple(Brackets("(", _operators(operator, group), ")") for group in groups))


def _operators(operator: str, terms: tuple[Source, ...]) -> Source:
    if len(terms) == 1:
        return terms[0]
    return Operators(tuple((operator if index else "", term) for index, term in enumerate(terms)))


def _element(channel: ChannelConfig, element: BitFieldElementConfig, symbols: Symbols) -> ElementModel:
    name = symbols.member(channel, element.name)
    high = (1 << element.bit_count) - 1
    mask = hex_literal(high) if element.bit_count <= 64 else f"((1 << {element.bit_count}) - 1)"
    shifted: Source = Operators((("", "bits"), (">> ", str(element.index)))) if element.index else "bits"
    return ElementModel(
        name=name,
        annotation="int",
        default=None,
        doc=element_doc(element),
        extracted=Operators((("", shifted), ("& ", mask))),
    )


def _doc(title: str, channel: ChannelConfig) -> str:
    heading = f"{title} `{docstring_text(channel.name)}`."
    return f"{heading}\n\n{docstring_text(channel.description)}" if channel.description else heading


def _short_hash(wire_name: str) -> str:
    return hashlib.sha256(wire_name.encode()).hexdigest()[:8]
