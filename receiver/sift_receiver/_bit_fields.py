"""Bit fields: bit i of the field is bit i mod 8, counted from the least significant, of byte i div 8."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from sift_runtime.messages import channel_types_pb2 as types

__all__ = ["LONGEST_BIT_FIELD", "bit_field_values"]

# Bits; a registration beyond this is refused, so that no element can ask for gigabytes of zeros.
LONGEST_BIT_FIELD = 65_536


def bit_field_values(elements: Sequence[types.ChannelBitFieldElement]) -> Callable[[object], tuple[object, ...]]:
    """Build the function from raw bytes to (raw bytes, one value per element).

    Shorter bytes than the elements cover are extended with zeros; longer ones are kept whole in the raw column. An
    element of more than 64 bits becomes little-endian bytes, because no integer column holds it.
    """
    places = [(element.index, element.bit_count) for element in elements]
    covered = (max((index + count for index, count in places), default=0) + 7) // 8

    def decode(value: object) -> tuple[object, ...]:
        raw = cast(bytes, value)
        number = int.from_bytes(raw[:covered], "little")
        return (raw, *(_element(number >> index, count) for index, count in places))

    return decode


def _element(shifted: int, bit_count: int) -> int | bytes:
    number = shifted & ((1 << bit_count) - 1)
    return number if bit_count <= 64 else number.to_bytes((bit_count + 7) // 8, "little")
