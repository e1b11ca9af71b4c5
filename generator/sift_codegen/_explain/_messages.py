"""IngestWithConfigDataStreamRequest from its bytes; those of encode() are one that has channel values only."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sift_codegen._explain._wire import LENGTH_DELIMITED, VARINT, WireError, WireField, read_fields
from sift_codegen._explain._wire_forms import FORMS_BY_NUMBER

__all__ = ["Message", "Problem", "RawValue", "WireValue", "read_message"]

RawValue: TypeAlias = str | bytes | int | float | bool | None
_Decode: TypeAlias = Callable[[bytes, WireField], RawValue]

_TIMESTAMP: Final = 3
_CHANNEL_VALUES: Final = 4
_END_STREAM: Final = 6
_TEXTS: Final = {1: "ingestion_config_id", 2: "flow", 5: "run_id", 7: "organization_id"}
_REQUEST_WIRE_TYPES: Final = {_END_STREAM: VARINT}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the offset in the input where it is."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class WireValue:
    """One channel value as it stands on the wire; `kind` is its member of the oneof, "" where it has none.

    `offset` and `size` are those of its whole entry, in bytes; `raw` is None for Empty.
    """

    kind: str
    raw: RawValue
    offset: int
    size: int


@dataclass(slots=True)
class Message:
    """What could be read of a message, up to the first malformed byte."""

    start: int
    end: int
    texts: dict[str, str] = field(default_factory=dict)
    seconds: int = 0
    nanos: int = 0
    has_timestamp: bool = False
    end_stream_on_validation_error: bool = False
    values: list[WireValue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_malformed: bool = False

    @property
    def is_request(self) -> bool:
        """Whether there is anything but channel values, which are all that encode() gives."""
        return bool(self.texts) or self.has_timestamp or self.end_stream_on_validation_error

    def note(self, offset: int, message: str) -> None:
        """Add something that is wrong."""
        self.problems.append(Problem(offset, message))


def read_message(data: bytes, start: int, end: int) -> Message:
    """Read a message; whatever is wrong with it is among its problems, and reading never fails."""
    message = Message(start, end)
    try:
        for found in read_fields(data, start, end):
            _take(message, data, found)
    except WireError as error:
        message.is_malformed = True
        message.note(error.offset, f"malformed: {error}")
    return message


def _take(message: Message, data: bytes, found: WireField) -> None:
    known = found.field in (*_TEXTS, _TIMESTAMP, _CHANNEL_VALUES, _END_STREAM)
    if not known or found.wire_type != _REQUEST_WIRE_TYPES.get(found.field, LENGTH_DELIMITED):
        message.note(found.offset, _unknown(found, "IngestWithConfigDataStreamRequest"))
    elif found.field == _CHANNEL_VALUES:
        message.values.append(_read_value(message, data, found))
    elif found.field == _TIMESTAMP:
        _read_timestamp(message, data, found)
    elif found.field == _END_STREAM:
        message.end_stream_on_validation_error = found.number != 0
    else:
        message.texts[_TEXTS[found.field]] = _text(data, found)


def _read_timestamp(message: Message, data: bytes, entry: WireField) -> None:
    message.has_timestamp = True
    for found in read_fields(data, entry.start, entry.end):
        if found.field == 1 and found.wire_type == VARINT:
            message.seconds = _signed(found.number, 64)
        elif found.field == 2 and found.wire_type == VARINT:
            message.nanos = _signed(found.number, 32)
        else:
            message.note(found.offset, _unknown(found, "Timestamp"))


def _read_value(message: Message, data: bytes, entry: WireField) -> WireValue:
    kind, raw = "", None
    for found in read_fields(data, entry.start, entry.end):
        form = FORMS_BY_NUMBER.get(found.field)
        if form is None or form.wire_type != found.wire_type:
            message.note(found.offset, _unknown(found, "IngestWithConfigDataChannelValue"))
            continue
        if kind:
            message.note(found.offset, f"a second value in one entry: {form.name} after {kind}; the last one counts")
        kind, raw = form.name, _DECODE[form.name](data, found)
    if not kind:
        message.note(entry.offset, "an entry without a value, which Sift does not take; None is sent as Empty")
    return WireValue(kind, raw, entry.offset, entry.end - entry.offset)


def _unknown(found: WireField, message: str) -> str:
    return f"{message} has no field {found.field} of wire type {found.wire_type}; skipped"


def _text(data: bytes, found: WireField) -> str:
    try:
        return data[found.start : found.end].decode()
    except UnicodeDecodeError as error:
        raise WireError(found.start + error.start, "a string that is no UTF-8") from error


def _content(data: bytes, found: WireField) -> bytes:
    return data[found.start : found.end]


def _empty(data: bytes, found: WireField) -> None:
    for _ in read_fields(data, found.start, found.end):
        pass  # Empty has no fields; those that are there have to be whole all the same


def _signed(number: int, bits: int) -> int:
    number &= (1 << bits) - 1
    return number - (1 << bits) if number >> (bits - 1) else number


def _float(code: str) -> _Decode:
    def decode(data: bytes, found: WireField) -> float:
        (number,) = struct.unpack_from(code, data, found.start)
        return float(number)

    return decode


def _integer(bits: int, *, signed: bool) -> _Decode:
    def decode(_: bytes, found: WireField) -> int:
        return _signed(found.number, bits) if signed else found.number & (1 << bits) - 1

    return decode


_DECODE: Final[dict[str, _Decode]] = {
    "string": _text,
    "double": _float("<d"),
    "float": _float("<f"),
    "bool": lambda data, found: found.number != 0,
    "int32": _integer(32, signed=True),
    "uint32": _integer(32, signed=False),
    "int64": _integer(64, signed=True),
    "uint64": _integer(64, signed=False),
    "bit_field": _content,
    "enum": _integer(32, signed=False),
    "empty": _empty,
    "bytes": _content,
}
