"""The Python names of a package, by the scope that each is unique in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sift_codegen._config import (
    BitFieldElementConfig,
    ChannelConfig,
    DataType,
    EnumTypeConfig,
    FlowConfig,
    TelemetryConfig,
)
from sift_codegen._diagnostics import Position
from sift_codegen._symbols import Symbols, typed_channels

__all__ = ["Scope", "Symbol", "symbol_table"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A Python name, how it is written by who uses it, what it is the name of, and whether it has to be given."""

    name: str
    written: str
    flow: str
    channel: str | None
    position: Position
    is_required: bool = False


Scope: TypeAlias = dict[object, Symbol]
"""Symbols by what they are the names of."""


def symbol_table(config: TelemetryConfig) -> dict[object, Scope]:
    """Return all names: the classes of the package, the fields of each flow, the members of each type."""
    symbols = Symbols(config)
    homes: dict[object, FlowConfig] = {}
    classes: Scope = {}
    table: dict[object, Scope] = {"package": classes}
    for flow in config.flows:
        name = symbols.flow_class(flow)
        classes[flow.name] = Symbol(name, name, flow.name, None, flow.position)
        table[flow.name, "fields"] = _fields(symbols, flow)
        for channel in flow.channels:
            homes.setdefault((channel.name, channel.data_type), flow)
    for key, channel in typed_channels(config).items():
        name, flow = symbols.type_class(channel), homes[key]
        classes[key] = Symbol(name, name, flow.name, channel.name, channel.position)
        table[key] = _members(symbols, flow, channel)
    return table


def _fields(symbols: Symbols, flow: FlowConfig) -> Scope:
    optional = symbols.config.extension.optional_channels.get(flow.name, {})
    scope: Scope = {}
    for channel in flow.channels:
        name = symbols.field(channel)
        written = f"{symbols.flow_class(flow)}.{name}"
        is_required = channel.name not in optional
        scope[channel.name] = Symbol(name, written, flow.name, channel.name, channel.position, is_required)
    return scope


def _members(symbols: Symbols, flow: FlowConfig, channel: ChannelConfig) -> Scope:
    parts: tuple[EnumTypeConfig | BitFieldElementConfig, ...] = (*channel.enum_types, *channel.bit_field_elements)
    is_required = channel.data_type is DataType.BIT_FIELD
    scope: Scope = {}
    for part in parts:
        name = symbols.member(channel, part.name)
        written = f"{symbols.type_class(channel)}.{name}"
        scope[part.name] = Symbol(name, written, flow.name, channel.name, part.position, is_required)
    return scope
