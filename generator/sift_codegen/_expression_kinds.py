"""What the parts of an expression are: numbers, texts and the like, as far as that is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sift_codegen._config import ChannelConfig, DataType, ScalarValue
from sift_codegen._expression_tree import Channel, Entries, Expression, Items, Name, Number, Placeholder, Text

__all__ = ["Kind", "Surroundings"]


class Kind(Enum):
    """What a part of an expression comes to."""

    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"
    ENUM = "an enum"
    OPAQUE = "bytes"
    LIST = "a list"
    MAP = "a map"
    UNKNOWN = "unknown"


_CHANNELS: Final = {
    DataType.STRING: Kind.TEXT,
    DataType.ENUM: Kind.ENUM,
    DataType.BOOL: Kind.TRUTH,
    DataType.BYTES: Kind.OPAQUE,
    DataType.BIT_FIELD: Kind.UNKNOWN,  # its elements are asked for in ways that only Sift knows
}
_WORDS: Final = {"true": Kind.TRUTH, "false": Kind.TRUTH}

_KINDS: Final[Mapping[type, Kind]] = {Number: Kind.NUMBER, Items: Kind.LIST, Entries: Kind.MAP}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression is about: the channel of each reference, None where it is not known; the sub-expressions."""

    channels: Mapping[str, ChannelConfig | None]
    values: Mapping[str, ScalarValue]

    def kind_of(self, tree: Expression) -> Kind:
        """Return what a part is that has no operator."""
        match tree:
            case Text():
                return Kind.UNKNOWN if tree.is_bytes else Kind.TEXT  # Sift may compare a text with them
            case Name():
                return _WORDS.get(tree.name, Kind.UNKNOWN)
            case Channel():
                channel = self.channels.get(tree.reference)
                return Kind.UNKNOWN if channel is None else _CHANNELS.get(channel.data_type, Kind.NUMBER)
            case Placeholder():
                return self._kind_of_value(tree)
            case _:
                return _KINDS.get(type(tree), Kind.UNKNOWN)

    def enum(self, tree: Expression) -> ChannelConfig | None:
        """Return the enum channel that a part is, if it is one."""
        channel = self.channels.get(tree.reference) if isinstance(tree, Channel) else None
        return channel if channel is not None and channel.data_type is DataType.ENUM else None

    def text(self, tree: Expression) -> str | None:
        """Return the text that a part is, if it is one that is written there."""
        if isinstance(tree, Placeholder):
            value = self.values.get(tree.name)
            return value if isinstance(value, str) else None
        if not isinstance(tree, Text) or tree.is_bytes or any(name in tree.value for name in self.values):
            return None
        return tree.value

    def is_fraction(self, tree: Expression) -> bool:
        """Tell whether a part is a number that no key of an enum is."""
        if isinstance(tree, Placeholder):
            value = self.values.get(tree.name)
            return isinstance(value, float) and math.isfinite(value) and not value.is_integer()
        return isinstance(tree, Number) and not tree.is_whole

    def what(self, tree: Expression, kind: Kind) -> str:
        """Say what a part is."""
        channel = self.channels.get(tree.reference) if isinstance(tree, Channel) else None
        if isinstance(tree, Channel) and channel is not None:
            return f"{tree.reference} is channel {channel.name!r} ({channel.data_type.value})"
        return f"this is {kind.value}"

    def _kind_of_value(self, tree: Placeholder) -> Kind:
        value = self.values.get(tree.name)
        if value is None:
            return Kind.UNKNOWN
        if isinstance(value, bool):
            return Kind.TRUTH
        return Kind.TEXT if isinstance(value, str) else Kind.NUMBER
