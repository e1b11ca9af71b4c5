"""Values by channel name, as untyped sources have them: checked, put in order, encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from operator import index
from typing import Final, TypeAlias

from sift_runtime import _value_encoders as encoders
from sift_runtime._bit_field import BitField, width_complaint
from sift_runtime._errors import SerializationError
from sift_runtime._explain import told, value_problem
from sift_runtime._schema import Channel, DataType, FlowSchema
from sift_runtime._shown import shown

__all__ = ["ChannelValue", "ValuesEncoder"]

ChannelValue: TypeAlias = float | int | bool | str | bytes | BitField | Mapping[str, int] | None
"""What a channel can hold: an enum by key or label, a bit field by its struct, its elements or its bytes."""

_Encoder: TypeAlias = Callable[[object], bytes]

_PLAIN: Final[dict[DataType, Callable[..., bytes]]] = {
    DataType.DOUBLE: encoders.double,
    DataType.FLOAT: encoders.float32,
    DataType.STRING: encoders.string,
    DataType.BYTES: encoders.bytes_value,
    DataType.BOOL: encoders.boolean,
    DataType.INT_32: encoders.int32,
    DataType.UINT_32: encoders.uint32,
    DataType.INT_64: encoders.int64,
    DataType.UINT_64: encoders.uint64,
}
_NUMBERS: Final = frozenset(_PLAIN) - {DataType.STRING, DataType.BYTES, DataType.BOOL}


class ValuesEncoder:
    """Encodes the values of one flow, in any order, to the bytes that its generated encoder gives."""

    def __init__(self, schema: FlowSchema) -> None:
        """Prepare an encoder for each channel."""
        self._flow = schema.name
        self._channels = [(channel.name, channel, _encoder(channel)) for channel in schema.channels]
        self._names = frozenset(name for name, _, _ in self._channels)

    def encode(self, values: object) -> bytes:
        """Return the wire bytes of the ordered channel_values fields; a channel without a value is sent as empty.

        Raises SerializationError, naming every channel that is unknown and every value that does not fit.
        """
        if not isinstance(values, Mapping):
            raise SerializationError(self._flow, (f"{shown(values)} does not map channels to values",))
        try:
            values = dict(values)
            problems = [*self._unknown(values)]
        except Exception as error:  # a mapping or a key of a user's class may raise anything
            raise SerializationError(self._flow, (f"{shown(values)} cannot be looked at: {told(error)}",)) from error
        entries = []
        for name, channel, encode in self._channels:
            value = values.get(name)
            try:
                entries.append(encoders.EMPTY if value is None else encode(value))
            except Exception as error:  # noqa: BLE001  # a value of a user's class may raise anything
                problems.append(f"channel {name!r}: {_problem(channel, value, error)}")
        if problems or not values:
            raise SerializationError(self._flow, tuple(problems) or ("no channel has a value",))
        return b"".join(entries)

    def _unknown(self, values: Mapping[object, object]) -> Iterator[str]:
        for name in values:
            if name not in self._names:
                close = get_close_matches(str(name), self._names, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(map(repr, sorted(self._names)))}"
                yield f"channel {shown(name)} is none of this flow; {hint}"


def _encoder(channel: Channel) -> _Encoder:
    if channel.data_type is DataType.ENUM:
        return _enum_encoder(channel)
    if channel.data_type is DataType.BIT_FIELD:
        return _bit_field_encoder(channel)
    encode = _PLAIN[channel.data_type]
    if channel.data_type not in _NUMBERS:
        return encode

    def number(value: object) -> bytes:
        if isinstance(value, bool):  # a number to Python, and a mistake of whoever has sent it
            raise TypeError(value)
        return encode(value)

    return number


def _enum_encoder(channel: Channel) -> _Encoder:
    entries: dict[object, bytes] = {label.key: encoders.enum_entry(label.key) for label in channel.enum_types}
    entries |= {label.name: entries[label.key] for label in channel.enum_types}

    def enum(value: object) -> bytes:
        if isinstance(value, (bool, float)):  # 1.0 and True are equal to 1
            raise TypeError(value)
        return entries[value if isinstance(value, str) else index(value)]  # type: ignore[arg-type]  # may be anything

    return enum


def _bit_field_encoder(channel: Channel) -> _Encoder:
    elements = channel.bit_field_elements
    size = (max((element.index + element.bit_count for element in elements), default=0) + 7) // 8
    head, layout = encoders.bit_field_head(size), tuple((element.name, element.bit_count) for element in elements)
    places = {element.name: (element.index, element.bit_count) for element in elements}

    def bit_field(value: object) -> bytes:
        if isinstance(value, BitField):
            if value.layout() != layout:
                raise ValueError(f"{shown(value)} is the struct of another bit field")
            return head + value.pack()
        if isinstance(value, bytes):
            if len(value) != size:
                raise ValueError(f"{shown(value)} has {len(value)} bytes, not {size}")
            return head + value
        if isinstance(value, Mapping):
            return head + _packed(value, places).to_bytes(size, "little")
        raise TypeError(f"{shown(value)} is no struct, no bytes and no elements by name")

    return bit_field


def _packed(values: Mapping[object, object], places: Mapping[str, tuple[int, int]]) -> int:
    problems, bits = [], 0
    for name, value in values.items():
        start, width = places.get(name, (0, 0)) if isinstance(name, str) else (0, 0)
        if not width:
            problems.append(f"element {shown(name)} is none of {', '.join(map(repr, places))}")
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << width:
            problems.append(f"element {name!r}: {shown(value)} {width_complaint(width)}")
        else:
            bits |= value << start
    if problems:
        raise ValueError("; ".join(problems))
    return bits


def _problem(channel: Channel, value: object, error: Exception) -> str:
    """Say what is wrong with a value that could not be encoded."""
    if channel.data_type is DataType.BIT_FIELD:
        return str(error)
    if isinstance(value, bool):
        return f"{value} is a bool, not {_expected(channel)}"
    return value_problem(channel, value) or told(error)


def _expected(channel: Channel) -> str:
    return "a label or a key" if channel.data_type is DataType.ENUM else "a number"
