"""How each data type stands on the wire: its member of IngestWithConfigDataChannelValue, and its size there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_codegen._config import ChannelConfig, DataType
from sift_codegen._explain._wire import FIXED_32, FIXED_64, LENGTH_DELIMITED, VARINT

__all__ = ["EMPTY", "FORMS_BY_NUMBER", "FORM_OF", "Sizes", "WireForm", "byte_count", "entry_sizes"]


@dataclass(frozen=True, slots=True)
class WireForm:
    """One member of the value's oneof: its name, field number and wire type."""

    name: str
    number: int
    wire_type: int

    @property
    def tag(self) -> int:
        """The byte in front of the value: (field number << 3) | wire type, below 128 for all of these."""
        return self.number << 3 | self.wire_type


# Field numbers follow neither the order nor the numbers of Sift's ChannelDataType (sift/ingest/v1/ingest.proto).
FORM_OF: Final = {
    DataType.STRING: WireForm("string", 1, LENGTH_DELIMITED),
    DataType.DOUBLE: WireForm("double", 2, FIXED_64),
    DataType.FLOAT: WireForm("float", 3, FIXED_32),
    DataType.BOOL: WireForm("bool", 4, VARINT),
    DataType.INT_32: WireForm("int32", 5, VARINT),
    DataType.UINT_32: WireForm("uint32", 6, VARINT),
    DataType.INT_64: WireForm("int64", 7, VARINT),
    DataType.UINT_64: WireForm("uint64", 8, VARINT),
    DataType.BIT_FIELD: WireForm("bit_field", 9, LENGTH_DELIMITED),
    DataType.ENUM: WireForm("enum", 10, VARINT),
    DataType.BYTES: WireForm("bytes", 12, LENGTH_DELIMITED),
}
EMPTY: Final = WireForm("empty", 11, LENGTH_DELIMITED)
FORMS_BY_NUMBER: Final = {form.number: form for form in (*FORM_OF.values(), EMPTY)}

_HEAD: Final = 3  # 0x22 for the entry, its length, the tag of the value
_EMPTY_ENTRY: Final = 4
_LONGEST_VARINT: Final = {DataType.INT_32: 10, DataType.UINT_32: 5, DataType.INT_64: 10, DataType.UINT_64: 10}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of an entry of `channel_values`: at least, and at most, None where only the value decides."""

    least: int
    most: int | None


def entry_sizes(channel: ChannelConfig, *, optional: bool) -> Sizes:
    """Return how many bytes a channel takes in encode(); an optional one may be sent as Empty."""
    sizes = _value_sizes(channel)
    return Sizes(min(sizes.least, _EMPTY_ENTRY), sizes.most) if optional else sizes


def byte_count(channel: ChannelConfig) -> int:
    """Return how many bytes a bit field has: as many as its highest bit needs."""
    bits = max((element.index + element.bit_count for element in channel.bit_field_elements), default=0)
    return (bits + 7) // 8


def _value_sizes(channel: ChannelConfig) -> Sizes:
    data_type = channel.data_type
    if data_type in (DataType.DOUBLE, DataType.FLOAT, DataType.BOOL):
        size = _HEAD + {DataType.DOUBLE: 8, DataType.FLOAT: 4, DataType.BOOL: 1}[data_type]
        return Sizes(size, size)
    if data_type in _LONGEST_VARINT:
        return Sizes(_HEAD + 1, _HEAD + _LONGEST_VARINT[data_type])
    if data_type is DataType.ENUM:
        keys = [label.key for label in channel.enum_types] or [0]
        return Sizes(_HEAD + _varint_size(min(keys)), _HEAD + _varint_size(max(keys)))
    if data_type is DataType.BIT_FIELD:
        size = _delimited_size(byte_count(channel))
        return Sizes(size, size)
    return Sizes(_HEAD + 1, None)


def _delimited_size(size: int) -> int:
    """Return the size of an entry around so many bytes: both lengths grow with them."""
    inner = 1 + _varint_size(size) + size
    return 1 + _varint_size(inner) + inner


def _varint_size(number: int) -> int:
    return max(1, (number.bit_length() + 6) // 7)
