"""A channel dictionary, decided down to the last link: templates only print it. Texts are as the config has them."""

from __future__ import annotations

from dataclasses import dataclass

from sift_codegen._dictionary._bit_layout import BitLayout

__all__ = [
    "Binding",
    "ChannelEntry",
    "Dictionary",
    "ElementEntry",
    "FlowEntry",
    "LabelEntry",
    "Link",
    "RuleEntry",
    "Use",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A name, and the anchor of the entry it leads to; empty where the dictionary has none."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelEntry:
    """One label of an enum; `symbol` is its member in Python."""

    name: str
    key: int
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementEntry:
    """One element of a bit field: its first and last bit, the highest value it holds, and its colour's number."""

    name: str
    first: int
    last: int
    highest: str
    symbol: str
    colour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A channel's place in a flow, counted from 1, and the class and the field that it has there in Python."""

    flow: Link
    number: int
    class_name: str
    field: str
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEntry:
    """One channel; a name that stands for differing channels has an entry for each, which name one another."""

    anchor: str
    name: str
    data_type: str
    unit: str
    description: str
    python_type: str
    labels: tuple[LabelEntry, ...]
    elements: tuple[ElementEntry, ...]
    layout: BitLayout | None
    uses: tuple[Use, ...]
    rules: tuple[Link, ...]
    namesakes: tuple[Link, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntry:
    """One flow, its channels in wire order beside their entries."""

    anchor: str
    name: str
    class_name: str
    rows: tuple[tuple[Use, ChannelEntry], ...]
    place: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What a word of an expression stands for: a channel, or a value."""

    word: str
    channel: Link | None
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One rule; `facts` are what else the config says of it, a name and a text each."""

    anchor: str
    name: str
    type: str
    description: str
    expression: str
    expression_name: str
    bindings: tuple[Binding, ...]
    contextual: tuple[Link, ...]
    facts: tuple[tuple[str, str], ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """All of a config. Channels stand by name; `sources` are the files with their hashes."""

    asset_name: str
    client_key: str
    organization_id: str
    channels: tuple[ChannelEntry, ...]
    flows: tuple[FlowEntry, ...]
    rules: tuple[RuleEntry, ...]
    sources: tuple[tuple[str, str], ...]

    @property
    def is_large(self) -> bool:
        """Whether a browser would take noticeably long to lay out all of it."""
        return len(self.channels) > 500

    @property
    def chunks(self) -> tuple[tuple[ChannelEntry, ...], ...]:
        """The channels, a few at a time: a browser need not lay out those that nobody looks at."""
        return tuple(self.channels[start : start + 40] for start in range(0, len(self.channels), 40))
