"""A config as plain data, for templates of any language: texts as the config has them, and no source.

Whoever changes the shape of these classes, or of a package's model, raises MODEL_VERSION.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_codegen._config import ScalarValue

__all__ = [
    "MODEL_VERSION",
    "ChannelData",
    "ElementData",
    "FlowData",
    "LabelData",
    "ReferenceData",
    "RuleData",
    "TelemetryData",
    "ValueData",
]

MODEL_VERSION: Final = 1
"""The version of all that templates are given; `require_model(1)` in a template refuses any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelData:
    """One label of an enum: its name, its key on the wire, and the name of its member in Python."""

    name: str
    key: int
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementData:
    """One element of a bit field: its lowest bit, how many it has, and the name of its field in Python."""

    name: str
    index: int
    bit_count: int
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelData:
    """One channel of a flow; `type` as the config spells it, `symbol` its field in Python.

    `class_name` is that of its enum or struct in Python, and empty for all other types. `byte_count` is the size of a
    bit field on the wire.
    """

    name: str
    type: str
    unit: str
    description: str
    is_optional: bool
    symbol: str
    class_name: str
    labels: tuple[LabelData, ...]
    elements: tuple[ElementData, ...]
    byte_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowData:
    """One flow, its channels in wire order; `class_name` and `module` as in the Python package."""

    name: str
    class_name: str
    module: str
    channels: tuple[ChannelData, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceData:
    """What a reference of an expression, such as `$1`, stands for: the name of a channel."""

    word: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueData:
    """What a placeholder of an expression, such as `$limit`, stands for."""

    word: str
    value: ScalarValue


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleData:
    """One rule; `expression` is the text, also of a named one, whose name is `expression_name`."""

    name: str
    type: str
    expression: str
    expression_name: str
    description: str
    references: tuple[ReferenceData, ...]
    values: tuple[ValueData, ...]
    contextual_channels: tuple[str, ...]
    assignee: str
    tags: tuple[str, ...]
    asset_names: tuple[str, ...]
    tag_names: tuple[str, ...]
    rule_client_key: str
    is_external: bool
    is_live_evaluation_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryData:
    """A whole config; `enums` and `bit_fields` are the channels of these types, each once."""

    asset_name: str
    client_key: str
    organization_id: str
    flows: tuple[FlowData, ...]
    enums: tuple[ChannelData, ...]
    bit_fields: tuple[ChannelData, ...]
    rules: tuple[RuleData, ...]
