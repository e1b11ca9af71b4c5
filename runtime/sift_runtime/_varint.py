"""Base-128 varints (https://protobuf.dev/programming-guides/encoding/#varints)."""

from __future__ import annotations

from array import array
from typing import Final

__all__ = ["PAIRS", "varint"]


def varint(value: int) -> bytes:
    """Return the varint of a non-negative integer."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


PAIRS: Final = array("H", (low & 0x7F | 0x80 | low << 1 & 0x7F00 | 0x8000 for low in range(1 << 14)))
"""By 14 bits: two groups of a varint, as a little-endian integer of 16 bits, both with their continuation bit set.

Where a pair ends its varint, `& 0x7FFF` takes the last continuation bit away. 32 KiB for all of them.
"""
