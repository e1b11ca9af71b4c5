"""Protobuf's wire format, read without protobuf: fields, and the place where bytes stop being fields.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["FIXED_32", "FIXED_64", "LENGTH_DELIMITED", "VARINT", "WireError", "WireField", "read_fields"]

VARINT: Final = 0
FIXED_64: Final = 1
LENGTH_DELIMITED: Final = 2
FIXED_32: Final = 5
_SIZES: Final = {FIXED_64: 8, FIXED_32: 4}
_GROUPS: Final = (3, 4)
_LONGEST_VARINT: Final = 10
_LARGEST_TAG: Final = 2**32 - 1


class WireError(Exception):
    """Bytes that are no fields; `offset` is where they begin."""

    def __init__(self, offset: int, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class WireField:
    """One field: where its tag and its content begin and its content ends; `number` is a varint's value."""

    field: int
    wire_type: int
    offset: int
    start: int
    end: int
    number: int = 0


def read_fields(data: bytes, start: int, end: int) -> Iterator[WireField]:
    """Yield the fields between two offsets; raises WireError where there is none."""
    at = start
    while at < end:
        found = _read_field(data, at, end)
        yield found
        at = found.end


def _read_field(data: bytes, offset: int, end: int) -> WireField:
    tag, at = _read_varint(data, offset, end)
    field, wire_type = tag >> 3, tag & 7
    if tag > _LARGEST_TAG or not field:
        raise WireError(offset, f"no field begins here: its number would be {field}")
    if wire_type == VARINT:
        number, after = _read_varint(data, at, end)
        return WireField(field, wire_type, offset, at, after, number)
    if wire_type == LENGTH_DELIMITED:
        size, at = _read_varint(data, at, end)
    elif wire_type in _SIZES:
        size = _SIZES[wire_type]
    else:
        kind = "a group" if wire_type in _GROUPS else "none there is"
        raise WireError(offset, f"field {field} has wire type {wire_type}, {kind}; no message of Sift's has one")
    if size > end - at:
        raise WireError(at, f"field {field} takes {size} bytes; left: {end - at}")
    return WireField(field, wire_type, offset, at, at + size)


def _read_varint(data: bytes, offset: int, end: int) -> tuple[int, int]:
    """Return a varint, cut to 64 bits as protobuf does it, and the offset after it."""
    number = 0
    for at in range(offset, min(offset + _LONGEST_VARINT, end)):
        number |= (data[at] & 0x7F) << 7 * (at - offset)
        if data[at] < 0x80:
            return number & 0xFFFF_FFFF_FFFF_FFFF, at + 1
    if end - offset < _LONGEST_VARINT:
        raise WireError(offset, "the bytes end within a varint")
    raise WireError(offset, f"a varint of more than {_LONGEST_VARINT} bytes")
