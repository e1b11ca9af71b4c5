"""What a generated package says about itself, as plain data: asset, flows, channels and rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from sift_runtime._flow import Flow

__all__ = [
    "BitFieldElement",
    "Channel",
    "DataType",
    "EnumType",
    "FlowSchema",
    "Rule",
    "Telemetry",
]

F = TypeVar("F", bound=Flow)


class DataType(Enum):
    """The eleven channel data types; the value is Sift's ChannelDataType number."""

    DOUBLE = 1
    STRING = 2
    ENUM = 3
    BIT_FIELD = 4
    BOOL = 5
    FLOAT = 6
    INT_32 = 7
    UINT_32 = 8
    INT_64 = 9
    UINT_64 = 10
    BYTES = 11


@dataclass(frozen=True, slots=True)
class EnumType:
    """One label of an enum channel and the key (uint32) that stands for it on the wire."""

    name: str
    key: int


@dataclass(frozen=True, slots=True)
class BitFieldElement:
    """One element of a bit field: `index` is its first bit, `bit_count` its width in bits."""

    name: str
    index: int
    bit_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel of a flow: `name` is the wire name, `field` the attribute of the generated flow that carries it."""

    name: str
    field: str
    data_type: DataType
    unit: str = ""
    description: str = ""
    enum_types: tuple[EnumType, ...] = ()
    bit_field_elements: tuple[BitFieldElement, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSchema:
    """A flow's wire name and its channels, in wire order."""

    name: str
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the telemetry config, carried as the config states it.

    `expression` is the text with its `$` references; `expression_name` the named expression it came from, if any.
    """

    name: str
    type: str
    expression: str
    expression_name: str | None = None
    description: str = ""
    channel_references: tuple[tuple[str, str], ...] = ()
    sub_expressions: tuple[tuple[str, str | int | float | bool | None], ...] = ()
    contextual_channels: tuple[str, ...] = ()
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    asset_names: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    rule_client_key: str | None = None
    is_external: bool = False
    is_live_evaluation_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry(Generic[F]):
    """A generated package's registration data; `F` is the common base of its flows."""

    asset_name: str
    client_key: str
    flows: tuple[type[F], ...]
    organization_id: str = ""
    rules: tuple[Rule, ...] = ()
    end_stream_on_validation_error: bool = False
    """Set by the Sdk, never by a generated package."""
