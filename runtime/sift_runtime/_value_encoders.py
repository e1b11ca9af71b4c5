"""Wire bytes of single channel values: each function returns one whole `channel_values` entry.

An entry is field 4 of IngestWithConfigDataStreamRequest (tag 0x22), its length, and one member of the value's oneof.
A member of a oneof is written even when it is zero or empty. Tags are (field number << 3) | wire type, see
protos/sift_runtime/messages/ingest.proto and https://protobuf.dev/programming-guides/encoding/.

A value that does not fit raises some plain exception here; `encoding_error` explains it off the hot path.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from struct import Struct
from typing import Final

from sift_runtime._varint import PAIRS, varint

__all__ = [
    "DOUBLE_HEAD",
    "EMPTY",
    "FALSE",
    "FLOAT_HEAD",
    "TRUE",
    "bit_field_head",
    "boolean",
    "bytes_value",
    "double",
    "enum_entry",
    "float32",
    "int32",
    "int64",
    "string",
    "uint32",
    "uint64",
]

ENTRY: Final = b"\x22"
DOUBLE_HEAD: Final = b"\x22\x09\x11"  # entry of 9 bytes: field 2, fixed64
FLOAT_HEAD: Final = b"\x22\x05\x1d"  # entry of 5 bytes: field 3, fixed32
FALSE: Final = b"\x22\x02\x20\x00"
TRUE: Final = b"\x22\x02\x20\x01"
EMPTY: Final = b"\x22\x02\x5a\x00"  # field 11, a google.protobuf.Empty of length 0

_TWO_GROUPS: Final = Struct("<3sH").pack
_FOUR_GROUPS: Final = Struct("<3sHH").pack
_TEN_GROUPS: Final = Struct("<3sHH6s").pack
_ALL_ONES: Final = b"\xff\xff\xff\xff\xff\x01"
_SMALL: Final = 128  # values of one varint byte have their whole entry ready in a table


def _integer_entry(tag: bytes, low: int, high: int) -> Callable[[int], bytes]:
    small = tuple(ENTRY + b"\x02" + tag + varint(value) for value in range(_SMALL))
    two, four, ten = (ENTRY + bytes((1 + size,)) + tag for size in (2, 4, 10))
    pairs, pack_two, pack_four, pack_ten = PAIRS, _TWO_GROUPS, _FOUR_GROUPS, _TEN_GROUPS
    signed = low < 0

    def entry(value: int) -> bytes:
        if 0 <= value < _SMALL:
            return small[value]
        number = index(value)  # the table took it for an index, too
        if 0 < number < 1 << 14:
            return pack_two(two, pairs[number] & 0x7FFF)
        if 1 << 21 <= number < 1 << 28:
            return pack_four(four, pairs[number & 0x3FFF], pairs[number >> 14] & 0x7FFF)
        if signed and -(1 << 28) <= number < 0:
            # Sent as its 64-bit two's complement: ten bytes, of which the higher six are the same for all of these.
            return pack_ten(ten, pairs[number & 0x3FFF], pairs[number >> 14 & 0x3FFF], _ALL_ONES)
        if not low <= number <= high:
            raise OverflowError(number)
        digits = varint(number & 0xFFFF_FFFF_FFFF_FFFF)
        return ENTRY + (len(digits) + 1).to_bytes() + tag + digits

    return entry


int32: Final = _integer_entry(b"\x28", -(2**31), 2**31 - 1)
uint32: Final = _integer_entry(b"\x30", 0, 2**32 - 1)
int64: Final = _integer_entry(b"\x38", -(2**63), 2**63 - 1)
uint64: Final = _integer_entry(b"\x40", 0, 2**64 - 1)

_double_entry: Final = Struct("<3sd").pack
_float_entry: Final = Struct("<3sf").pack


def double(value: float) -> bytes:
    """Encode one double; runs of them go through one Struct instead."""
    return _double_entry(DOUBLE_HEAD, value)


def float32(value: float) -> bytes:
    """Encode one float; raises OverflowError where the nearest float32 would be infinite."""
    return _float_entry(FLOAT_HEAD, value)


def boolean(value: bool) -> bytes:
    """Encode one bool; anything but True and False is refused."""
    if value is True:
        return TRUE
    if value is False:
        return FALSE
    raise TypeError(value)


def enum_entry(key: int) -> bytes:
    """Encode one enum key, for the look-up table of an enum channel."""
    digits = varint(key)
    return ENTRY + (len(digits) + 1).to_bytes() + b"\x50" + digits


def bit_field_head(byte_count: int) -> bytes:
    """Return what stands before the packed bytes of a bit field of this width."""
    return _length_delimited_head(b"\x4a", byte_count)


def string(value: str) -> bytes:
    """Encode one string as UTF-8; lone surrogates raise UnicodeEncodeError."""
    data = str.encode(value)
    return _length_delimited_head(b"\x0a", len(data)) + data


def bytes_value(value: bytes) -> bytes:
    """Encode one bytes value; other buffers are refused, as their length may not be in bytes."""
    if not isinstance(value, bytes):
        raise TypeError(value)
    return _length_delimited_head(b"\x62", len(value)) + value


def _length_delimited_head(tag: bytes, size: int) -> bytes:
    if size < 126:  # both lengths fit one byte, as nearly always
        return bytes((0x22, size + 2, tag[0], size))
    inner = tag + varint(size)
    return ENTRY + varint(len(inner) + size) + inner
