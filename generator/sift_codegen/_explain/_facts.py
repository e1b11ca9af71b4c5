"""What is explained, as plain data: what the text says and what the JSON holds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BytesFacts",
    "ChannelFacts",
    "Explanation",
    "FlowFacts",
    "FlowRow",
    "LabelFacts",
    "MergeFacts",
    "PartFacts",
    "ProblemFacts",
    "RuleFacts",
    "UseFacts",
    "ValueFacts",
    "WireFacts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFacts:
    """A channel's member of IngestWithConfigDataChannelValue; sizes are those of its entry, in bytes.

    `entry` is how an entry of `channel_values` begins: its own tag, its length (.. where it differs), the value's tag.
    """

    field: str
    field_number: int
    tag: str
    entry: str
    least_bytes: int
    most_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeFacts:
    """The keys that were merged from one mapping."""

    keys: tuple[str, ...]
    anchor: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseFacts:
    """A channel in one flow; `index` counts from 0."""

    flow: str
    index: int
    channels: int
    symbol: str
    annotation: str
    optional: bool
    listed: str
    defined: str
    anchor: str
    merged: tuple[MergeFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFacts:
    """A label of an enum."""

    label: str
    key: int
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """An element of a bit field; `index` is its lowest bit."""

    element: str
    index: int
    bit_count: int
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """A rule that reads a channel; `reference` is "" where it only shows it (contextual_channels)."""

    rule: str
    reference: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """A channel; flows that have it in another way have it as another channel."""

    config: str
    name: str
    data_type: str
    unit: str
    description: str
    python_class: str | None
    wire: WireFacts
    labels: tuple[LabelFacts, ...]
    elements: tuple[PartFacts, ...]
    uses: tuple[UseFacts, ...]
    rules: tuple[RuleFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """A channel in the table of its flow."""

    index: int
    channel: str
    symbol: str
    annotation: str
    data_type: str
    unit: str
    wire: WireFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFacts:
    """A flow; sizes are those of encode(), in bytes."""

    config: str
    name: str
    symbol: str
    position: str
    least_bytes: int
    most_bytes: int | None
    rows: tuple[FlowRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFacts:
    """One value; `channel` is None where no flow is known. Offset and size are those of its entry, in bytes.

    `value` is what JSON can hold of it: bytes are hex, NaN and the infinities are texts.
    """

    index: int
    offset: int
    size: int
    wire_field: str
    channel: str | None
    symbol: str | None
    data_type: str | None
    unit: str
    value: object
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFacts:
    """What is wrong; the offset is in bytes, None where it is about all of them."""

    offset: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BytesFacts:
    """A message: of encode(), a request, or one in a gRPC frame. `flow_by` says how the flow was found."""

    what: str
    offset: int
    size: int
    config: str | None
    flow: str | None
    flow_by: str | None
    fields: dict[str, object]
    values: tuple[ValueFacts, ...]
    problems: tuple[ProblemFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that one word stands for: a flow and a channel may have one name."""

    channels: tuple[ChannelFacts, ...] = ()
    flows: tuple[FlowFacts, ...] = ()
    messages: tuple[BytesFacts, ...] = ()

    @property
    def has_problems(self) -> bool:
        """Whether bytes could not be explained to the end."""
        return any(message.problems for message in self.messages)
