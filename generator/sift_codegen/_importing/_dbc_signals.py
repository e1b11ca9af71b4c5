"""Signals of a CAN message as channels: which type holds every value, and what becomes of a value table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sift_codegen._config import DataType
from sift_codegen._importing._imported import ImportedChannel
from sift_codegen._importing._unique import Names

if TYPE_CHECKING:
    from cantools.database.can import Message, Signal

__all__ = ["channels_of"]

_LARGEST_KEY: Final = 2**32 - 1


def channels_of(message: Message, flow: str, notes: list[str]) -> Iterator[ImportedChannel]:
    """Yield a message's signals, in its order; what is not carried over as it is goes into the notes."""
    names = Names()
    for signal in message.signals:
        name = f"{flow}.{names.take(signal.name)}"
        labels = _labels(signal)
        table = _table_of(signal)
        if table and not labels:
            notes.append(f"{name}: {_why_no_enum(signal)}: its value table is in the description")
        notes += _renamed(name, labels, signal)
        yield ImportedChannel(
            name=name,
            data_type=DataType.ENUM if labels else _number_type(signal),
            unit=(signal.unit or "").strip(),
            description=_description(signal, "" if labels else table),
            labels=labels,
            origin=_origin(message, signal),
            is_optional=bool(signal.multiplexer_ids),
        )


def _origin(message: Message, signal: Signal) -> str:
    multiplexed = ", multiplexed" if signal.multiplexer_ids else ""
    return f"message 0x{message.frame_id:X}, bits {signal.start}+{signal.length}{multiplexed}"


def _is_plain(signal: Signal) -> bool:
    """Return whether a value is what stands in the frame, neither scaled nor shifted."""
    return signal.conversion.scale == 1 and signal.conversion.offset == 0


def _number_type(signal: Signal) -> DataType:
    if signal.conversion.is_float:
        return DataType.FLOAT if signal.length <= 32 and _is_plain(signal) else DataType.DOUBLE
    if not _is_plain(signal):
        return DataType.DOUBLE
    if signal.length == 1 and not signal.choices:
        return DataType.BOOL
    if signal.length > 64:
        return DataType.BYTES
    if signal.is_signed:
        return DataType.INT_32 if signal.length <= 32 else DataType.INT_64
    return DataType.UINT_32 if signal.length <= 32 else DataType.UINT_64


def _labels(signal: Signal) -> tuple[tuple[str, int], ...]:
    """Return the value table as labels of an enum, none where the values are no enum's."""
    if not signal.choices or _why_no_enum(signal):
        return ()
    names = Names()
    return tuple((names.take(str(text).strip() or f"value_{key}"), key) for key, text in sorted(signal.choices.items()))


def _renamed(name: str, labels: tuple[tuple[str, int], ...], signal: Signal) -> Iterator[str]:
    choices: Mapping[int, object] = signal.choices or {}
    for label, key in labels:
        written = str(choices[key]).strip()
        if label != written:
            why = "is another value's, too" if written else "is none"
            yield f"{name}: the label of {key}, {written!r}, {why}: it is called {label!r}"


def _why_no_enum(signal: Signal) -> str:
    choices: Mapping[int, object] = signal.choices or {}
    if not _is_plain(signal) or signal.conversion.is_float:
        return "a scaled number with a name for some of its values is no enum"
    if any(not 0 <= key <= _LARGEST_KEY for key in choices):
        return "an enum has keys from 0 to 2^32 - 1"
    return "one name among many values makes no enum" if len(choices) == 1 and signal.length > 1 else ""


def _table_of(signal: Signal) -> str:
    return ", ".join(f"{key} = {text}" for key, text in sorted((signal.choices or {}).items()))


def _description(signal: Signal, table: str) -> str:
    parts = ((signal.comment or "").strip(), f"Raw values: {table}." if table else "")
    return "\n".join(part for part in parts if part)
