"""The source that encodes a flow: one expression per stretch of the wire, no branch that the config could decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from sift_codegen._config import ChannelConfig, DataType, FlowConfig
from sift_codegen._layout import Brackets, Operators, Source, call, optional
from sift_codegen._symbols import Symbols

__all__ = ["WireLayout", "lay_out"]

_FIXED: Final = {DataType.DOUBLE: ("3sd", "DOUBLE_HEAD"), DataType.FLOAT: ("3sf", "FLOAT_HEAD")}
_ENCODER: Final = {
    DataType.DOUBLE: "double",
    DataType.FLOAT: "float32",
    DataType.BOOL: "boolean",
    DataType.STRING: "string",
    DataType.BYTES: "bytes_value",
    DataType.INT_32: "int32",
    DataType.INT_64: "int64",
    DataType.UINT_32: "uint32",
    DataType.UINT_64: "uint64",
}


@dataclass(slots=True)
class WireLayout:
    """Source of a flow's encoder: `parts` are joined in order, `constants` are what they need at module level."""

    constants: list[Source] = field(default_factory=list)
    parts: list[Source] = field(default_factory=list)
    runs: int = 0
    """How many constants are Structs."""


def lay_out(flow: FlowConfig, symbols: Symbols, optionals: frozenset[str]) -> WireLayout:
    """Return the encoder of a flow.

    Neighbouring required double and float channels go through one Struct; an enum's entries are looked up; an optional
    channel without a value is sent as Empty, in its place.
    """
    layout = WireLayout()
    fixed = groupby(flow.channels, key=lambda channel: channel.data_type in _FIXED and channel.name not in optionals)
    for is_fixed, group in fixed:
        channels = list(group)
        if is_fixed and len(channels) > 1:
            _add_run(layout, channels, symbols)
        else:
            for channel in channels:
                _add_single(layout, channel, symbols, is_optional=channel.name in optionals)
    return layout


def _add_run(layout: WireLayout, channels: list[ChannelConfig], symbols: Symbols) -> None:
    constant = f"_RUN_{layout.runs}"
    layout.runs += 1
    stretches = [(len(list(group)), code) for code, group in groupby(_FIXED[c.data_type][0] for c in channels)]
    repeated = (f'{count} * "{code}"' if count > 1 else f'"{code}"' for count, code in stretches)
    pattern = Operators((("", '"<"'), *(("+ ", stretch) for stretch in repeated)))
    layout.constants.append(Brackets(f"{constant} = _struct.Struct(", pattern, ").pack"))
    arguments = [
        argument for c in channels for argument in (f"_sift.{_FIXED[c.data_type][1]}", f"self.{symbols.field(c)}")
    ]
    layout.parts.append(call(constant, arguments, always_broken=True))


def _add_single(layout: WireLayout, channel: ChannelConfig, symbols: Symbols, *, is_optional: bool) -> None:
    value = f"self.{symbols.field(channel)}"
    part: Source
    if channel.data_type is DataType.ENUM:
        part = Brackets(f"{_enum_table(layout, channel, symbols)}[", f"{value}.__index__()", "]")
    elif channel.data_type is DataType.BIT_FIELD:
        part = _bit_field_part(layout, channel, symbols, value)
    else:
        part = call(f"_sift.{_ENCODER[channel.data_type]}", (value,))
    layout.parts.append(_or_empty(value, part) if is_optional else part)


def _or_empty(value: str, part: Source) -> Source:
    is_none = Operators((("", value), ("is ", "None")))
    return optional(Operators((("", "_sift.EMPTY"), ("if ", is_none), ("else ", part))))


# Constants start with one underscore only: two would be mangled inside the class that uses them.
def _enum_table(layout: WireLayout, channel: ChannelConfig, symbols: Symbols) -> str:
    constant = f"_{symbols.field(channel).lstrip('_')}_entries"
    members = f"_enums.{symbols.type_class(channel)}"
    entries = Operators((("", "member.value: _sift.enum_entry(member.value)"), ("for ", f"member in {members}")))
    layout.constants.append(Brackets(f"{constant} = {{", entries, "}"))
    return constant


def _bit_field_part(layout: WireLayout, channel: ChannelConfig, symbols: Symbols, value: str) -> Source:
    constant = f"_{symbols.field(channel).lstrip('_')}_head"
    struct_class = f"_bit_fields.{symbols.type_class(channel)}"
    layout.constants.append(call(f"{constant} = _sift.bit_field_head", (f"{struct_class}.BYTE_COUNT",)))
    # Called on the class, so that another bit field's struct cannot slip its own width in.
    return Operators((("", constant), ("+ ", call(f"{struct_class}.pack", (value,)))))
