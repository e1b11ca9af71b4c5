"""The elements of a bit-field channel."""

from __future__ import annotations

import bisect
from typing import Final

from sift_codegen._config import BitFieldElementConfig
from sift_codegen._config_reader import ConfigReader
from sift_codegen._yaml_nodes import Child

__all__ = ["ELEMENT_KEYS", "MOST_BITS", "read_bit_field_elements"]

ELEMENT_KEYS: Final = ("name", "index", "bit_count")
MOST_BITS: Final = 65_536


def read_bit_field_elements(
    children: list[Child], reader: ConfigReader, channel: str
) -> tuple[BitFieldElementConfig, ...]:
    """Return the elements; no two may have one name or share a bit."""
    by_name: dict[str, BitFieldElementConfig] = {}
    placed: list[BitFieldElementConfig] = []  # by index, none overlapping
    for child in children:
        element = _read_element(child, reader, channel)
        if element is None:
            continue
        first = by_name.setdefault(element.name, element)
        if first is not element:
            message = f"element {element.name!r} stands twice in {channel}"
            note = f"first at {first.position}"
            reader.findings.error(element.position, message, note, code="SC202", also=(first.position,))
        elif other := _place(element, placed):
            message = f"elements {other.name!r} and {element.name!r} of {channel} overlap"
            notes = (_bits(other), _bits(element))
            reader.findings.error(element.position, message, *notes, code="SC201", also=(other.position,))
    return tuple(by_name.values())


def _read_element(child: Child, reader: ConfigReader, channel: str) -> BitFieldElementConfig | None:
    fields = reader.fields(child, f"a bit field element of {channel}", ELEMENT_KEYS)
    if fields is None:
        return None
    name = fields.required_text("name")
    index, bit_count = fields.required_integer("index"), fields.required_integer("bit_count")
    if name is None or index is None or bit_count is None:
        return None
    if index < 0 or bit_count < 1 or index + bit_count > MOST_BITS:
        message = f"element {name!r} of {channel}: index {index} with bit_count {bit_count}"
        limits = f"index counts from 0, bit_count from 1, and a bit field ends at bit {MOST_BITS - 1}"
        code = "SC204" if index < 0 else "SC203" if bit_count < 1 else "SC209"
        reader.error(child.position, message, limits, code=code)
        return None
    return BitFieldElementConfig(name=name, index=index, bit_count=bit_count, position=child.position)


def _place(element: BitFieldElementConfig, placed: list[BitFieldElementConfig]) -> BitFieldElementConfig | None:
    """Put an element among the others, or return the one it overlaps; only its neighbours can be in the way."""
    at = bisect.bisect_right(placed, element.index, key=lambda other: other.index)
    for other in placed[max(at - 1, 0) : at + 1]:
        if max(other.index, element.index) < min(_end(other), _end(element)):
            return other
    placed.insert(at, element)
    return None


def _end(element: BitFieldElementConfig) -> int:
    return element.index + element.bit_count


def _bits(element: BitFieldElementConfig) -> str:
    return f"{element.name!r}: bits {element.index} to {_end(element) - 1}, at {element.position}"
