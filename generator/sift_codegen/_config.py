"""A telemetry config after parsing: plain frozen data, each part with the place it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from sift_codegen._diagnostics import Diagnostic, Position, SourceFile

__all__ = [
    "BitFieldElementConfig",
    "ChannelConfig",
    "DataType",
    "EnumTypeConfig",
    "ExtensionConfig",
    "FlowConfig",
    "RuleConfig",
    "ScalarValue",
    "TelemetryConfig",
]

ScalarValue: TypeAlias = str | int | float | bool | None


class DataType(Enum):
    """The data types a config may name, spelled as in the config."""

    DOUBLE = "double"
    STRING = "string"
    ENUM = "enum"
    BIT_FIELD = "bit_field"
    BOOL = "bool"
    FLOAT = "float"
    INT_32 = "int32"
    INT_64 = "int64"
    UINT_32 = "uint32"
    UINT_64 = "uint64"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumTypeConfig:
    """One label of an enum channel."""

    name: str
    key: int
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BitFieldElementConfig:
    """One element of a bit-field channel; index and bit_count in bits."""

    name: str
    index: int
    bit_count: int
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConfig:
    """One channel of a flow; `name` is the wire name, with the deprecated component already in front.

    `position` is where the flow lists the channel (the alias, where it is one), `definition` where its mapping begins,
    `name_position` where its name stands, and `key_positions` where the value of each key stands, be it merged.
    """

    name: str
    data_type: DataType
    description: str = ""
    unit: str = ""
    enum_types: tuple[EnumTypeConfig, ...] = ()
    bit_field_elements: tuple[BitFieldElementConfig, ...] = ()
    position: Position = field(compare=False)
    name_position: Position = field(compare=False)
    definition: Position = field(compare=False)
    key_positions: dict[str, Position] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowConfig:
    """One flow; channels in wire order. `position` is where its name stands."""

    name: str
    channels: tuple[ChannelConfig, ...]
    position: Position = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfig:
    """One rule, as the config states it; named expressions are resolved to their text in `expression`."""

    name: str
    type: str
    expression: str
    expression_name: str | None = None
    description: str = ""
    channel_references: tuple[tuple[str, str], ...] = ()
    sub_expressions: tuple[tuple[str, ScalarValue], ...] = ()
    contextual_channels: tuple[str, ...] = ()
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    asset_names: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    rule_client_key: str | None = None
    is_external: bool = False
    is_live_evaluation_enabled: bool = False
    position: Position = field(compare=False)
    expression_position: Position | None = field(default=None, compare=False)
    names: dict[str, Position] = field(default_factory=dict, compare=False)
    """Where the name of each channel stands that it refers to."""
    key_positions: dict[str, Position] = field(default_factory=dict, compare=False)
    """Where each key stands, and each reference and placeholder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionConfig:
    """What the config says to this generator under `x-sift-codegen`; keys are wire names throughout.

    `optional_channels` maps a flow's name to the channels that may be left out of it; the name maps override the
    Python names made from wire names.
    """

    optional_channels: dict[str, dict[str, Position]] = field(default_factory=dict)
    flow_names: dict[str, str] = field(default_factory=dict)
    channel_names: dict[str, str] = field(default_factory=dict)
    type_names: dict[str, str] = field(default_factory=dict)
    member_names: dict[str, dict[str, str]] = field(default_factory=dict)
    positions: dict[tuple[str, ...], Position] = field(default_factory=dict)
    """Where each override stands, by its keys: ("flows", name), ("channels", name), ("members", channel, name) …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryConfig:
    """A whole telemetry config. `client_key` is None where the config gives none (or an empty one)."""

    asset_name: str
    client_key: str | None
    organization_id: str
    flows: tuple[FlowConfig, ...]
    rules: tuple[RuleConfig, ...]
    extension: ExtensionConfig
    sources: tuple[SourceFile, ...]
    """The config first, then named-expression files and rule modules in the order given."""
    warnings: tuple[Diagnostic, ...] = ()
