"""Values by the names and types of their channels: labels of enums, elements of bit fields."""

from __future__ import annotations

import math

from sift_codegen._config import ChannelConfig, DataType
from sift_codegen._explain._facts import ProblemFacts, ValueFacts
from sift_codegen._explain._messages import RawValue, WireValue
from sift_codegen._explain._sources import KnownFlow
from sift_codegen._explain._wire_forms import EMPTY, FORM_OF, byte_count
from sift_codegen._literals import text_literal

__all__ = ["named_value", "unnamed_value", "value_problems"]

_LONGEST = 200  # characters of one value in a table; JSON has all of it


def unnamed_value(value: WireValue, index: int) -> ValueFacts:
    """Return a value that no channel is known for."""
    held = _held(value.raw)
    return ValueFacts(
        index=index,
        offset=value.offset,
        size=value.size,
        wire_field=value.kind,
        channel=None,
        symbol=None,
        data_type=None,
        unit="",
        value=held,
        shown=_shown_raw(value),
    )


def named_value(value: WireValue, index: int, known: KnownFlow) -> ValueFacts:
    """Return a value with the channel that has this place in the flow."""
    channel = known.flow.channels[index]
    held, shown = _held(value.raw), _shown_raw(value)
    if value.kind == FORM_OF[channel.data_type].name:
        held, shown = _typed(value.raw, channel, held, shown)
    return ValueFacts(
        index=index,
        offset=value.offset,
        size=value.size,
        wire_field=value.kind,
        channel=channel.name,
        symbol=known.home.symbols.field(channel),
        data_type=channel.data_type.value,
        unit=channel.unit,
        value=held,
        shown=shown,
    )


def value_problems(value: WireValue, channel: ChannelConfig) -> list[ProblemFacts]:
    """Return what makes a value unfit for its channel."""
    wanted = FORM_OF[channel.data_type].name
    message = ""
    if value.kind not in (wanted, EMPTY.name, ""):  # an entry without a value is told where it is read
        message = f"is of type {value.kind} on the wire, not {wanted}"
    elif channel.data_type is DataType.ENUM and value.kind == wanted and not _labels(channel, value.raw):
        message = f"has no label of key {value.raw!r}"
    elif channel.data_type is DataType.BIT_FIELD and isinstance(value.raw, bytes):
        expected = byte_count(channel)
        message = "" if len(value.raw) == expected else f"has {len(value.raw)} bytes of its bit field, not {expected}"
    return [ProblemFacts(offset=value.offset, message=f"channel {channel.name!r} {message}")] if message else []


def _typed(raw: RawValue, channel: ChannelConfig, held: object, shown: str) -> tuple[object, str]:
    if channel.data_type is DataType.ENUM:
        label = next(iter(_labels(channel, raw)), None)
        return {"label": label, "key": raw}, f"{label} ({raw!r})" if label is not None else shown
    if channel.data_type is DataType.BIT_FIELD and isinstance(raw, bytes):
        bits = int.from_bytes(raw, "little")
        elements = {each.name: bits >> each.index & (1 << each.bit_count) - 1 for each in channel.bit_field_elements}
        return {"elements": elements, "bytes": held}, " ".join(f"{name}={bits}" for name, bits in elements.items())
    return held, shown


def _labels(channel: ChannelConfig, key: RawValue) -> list[str]:
    return [label.name for label in channel.enum_types if label.key == key]


def _held(raw: RawValue) -> object:
    if isinstance(raw, bytes):
        return raw.hex()
    if isinstance(raw, float) and not math.isfinite(raw):
        return "NaN" if math.isnan(raw) else "Infinity" if raw > 0 else "-Infinity"
    return raw


def _shown_raw(value: WireValue) -> str:
    if value.kind in ("", EMPTY.name):
        return "Empty" if value.kind else "nothing"
    if isinstance(value.raw, str):
        return _cut(text_literal(value.raw[: _LONGEST + 1]), len(value.raw), "characters")
    if isinstance(value.raw, bytes):
        return _cut(value.raw[: _LONGEST + 1].hex(), len(value.raw), "bytes") or "no bytes"
    if isinstance(value.raw, bool):
        return str(value.raw).lower()
    return str(value.raw)


def _cut(shown: str, size: int, noun: str) -> str:
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({size} {noun})"
