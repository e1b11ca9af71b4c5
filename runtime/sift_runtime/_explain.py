"""Why a flow could not be encoded: looks at every channel again, off the hot path, and says all that is wrong."""

from __future__ import annotations

import struct
from operator import index
from typing import Final

from sift_runtime import _value_encoders as encoders
from sift_runtime._bit_field import BitField
from sift_runtime._errors import SerializationError
from sift_runtime._flow import Flow
from sift_runtime._schema import Channel, DataType
from sift_runtime._shown import shown

__all__ = ["FLOAT32_MAX", "INTEGER_LIMITS", "encoding_error", "enum_labels", "told", "type_name", "value_problem"]

INTEGER_LIMITS: Final = {
    DataType.INT_32: (-(2**31), 2**31 - 1),
    DataType.UINT_32: (0, 2**32 - 1),
    DataType.INT_64: (-(2**63), 2**63 - 1),
    DataType.UINT_64: (0, 2**64 - 1),
}
FLOAT32_MAX: Final = "3.4028235e+38"
_FLOAT64_MAX: Final = "1.7976931348623157e+308"


def encoding_error(flow: Flow, cause: Exception) -> SerializationError:
    """Return the error that names each channel of `flow` whose value cannot be encoded."""
    schema = flow.schema()
    problems = tuple(problem for channel in schema.channels for problem in _problems(flow, channel))
    return SerializationError(schema.name, problems or (told(cause),))


def _problems(flow: Flow, channel: Channel) -> list[str]:
    try:
        return _channel_problems(flow, channel)
    except Exception as error:  # noqa: BLE001  # a value of a user's class may raise anything whatever is asked of it
        return [f"channel {channel.name!r}: cannot be looked at: {told(error)}"]


def told(error: Exception) -> str:
    """Return an error's type and words; of one that raises when it is asked for them, the type."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # the same goes for the errors that it raises; its type is told
        return type(error).__name__


def _channel_problems(flow: Flow, channel: Channel) -> list[str]:
    where = f"channel {channel.name!r}"
    try:
        value = getattr(flow, channel.field)
    except AttributeError:
        return [f"{where} has no value; set {channel.field!r}"]
    if value is None and channel.optional:
        return []
    if isinstance(value, BitField) and channel.data_type is DataType.BIT_FIELD:
        if value.layout() != tuple((element.name, element.bit_count) for element in channel.bit_field_elements):
            return [f"{where}: {shown(value)} is the struct of another bit field"]
        return [f"{where}, {problem}" for problem in value.problems()]
    problem = value_problem(channel, value)
    return [f"{where}: {problem}"] if problem else []


def value_problem(channel: Channel, value: object) -> str | None:
    """Say what is wrong with a value that cannot be sent by this channel; None if nothing is."""
    data_type = channel.data_type
    if data_type in INTEGER_LIMITS:
        return _integer_problem(data_type, value)
    if data_type in (DataType.DOUBLE, DataType.FLOAT):
        return _real_problem(data_type, value)
    if data_type is DataType.ENUM:
        return _enum_problem(channel, value)
    if data_type is DataType.STRING:
        return _string_problem(value)
    expected = {DataType.BOOL: bool, DataType.BYTES: bytes}.get(data_type, BitField)
    return None if isinstance(value, expected) else _not_a(expected.__name__, value)


def _integer_problem(data_type: DataType, value: object) -> str | None:
    try:
        number = index(value)  # type: ignore[arg-type]  # that it may be no integer is the question
    except TypeError:
        return _not_a("int", value)
    low, high = INTEGER_LIMITS[data_type]
    if low <= number <= high:
        return None
    return f"{shown(value)} does not fit {type_name(data_type)} ({low} to {high})"


def _real_problem(data_type: DataType, value: object) -> str | None:
    encode = encoders.double if data_type is DataType.DOUBLE else encoders.float32
    try:
        encode(value)  # type: ignore[arg-type]  # that it may be no number is the question
    except (struct.error, OverflowError, TypeError, ValueError) as error:
        # struct answers an integer beyond any float with an error of its own
        if isinstance(error, OverflowError) or isinstance(value, int):
            limit = FLOAT32_MAX if data_type is DataType.FLOAT else _FLOAT64_MAX
            return f"{shown(value)} does not fit {type_name(data_type)} (-{limit} to {limit}, or infinite)"
        return _not_a("float", value)
    return None


def _enum_problem(channel: Channel, value: object) -> str | None:
    keys = {enum_type.key for enum_type in channel.enum_types}
    if isinstance(value, int) and value in keys:
        return None
    return f"{shown(value)} is none of its enum's keys ({enum_labels(channel)})"


def enum_labels(channel: Channel) -> str:
    """Return the labels of an enum channel with their keys, the first twenty of them."""
    labels = ", ".join(f"{enum_type.name} = {enum_type.key}" for enum_type in channel.enum_types[:20])
    return labels + (", …" if len(channel.enum_types) > 20 else "")


def _string_problem(value: object) -> str | None:
    if not isinstance(value, str):
        return _not_a("str", value)
    try:
        str.encode(value)
    except UnicodeEncodeError as error:
        return f"{shown(value)} is not valid Unicode: lone surrogate at index {error.start}"
    return None


def _not_a(expected: str, value: object) -> str:
    return f"{shown(value)} is {_article(type(value).__name__)}, not {_article(expected)}"


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def type_name(data_type: DataType) -> str:
    """Return a data type as configs spell it."""
    return data_type.name.lower().replace("_32", "32").replace("_64", "64")
