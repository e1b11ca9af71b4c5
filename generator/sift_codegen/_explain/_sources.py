"""The configs that an explanation looks into, and where the keys of a channel were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

from sift_codegen._config import ChannelConfig, FlowConfig, TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._read_config import Document, SideInputs, read_leniently
from sift_codegen._symbols import Symbols
from sift_codegen._yaml_nodes import Child, Mapping, Scalar, Sequence

__all__ = ["ConfigSource", "KnownConfig", "KnownFlow", "Place", "read_configs"]

_ANCHOR: Final = re.compile(r"&([^\s,\[\]{}]+)")
_Spot: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """A config and the files that go with it."""

    path: Path
    side_inputs: SideInputs


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mapping begins, and the anchor it has there, "" where it has none."""

    position: Position
    anchor: str

    @classmethod
    def at(cls, position: Position) -> Place:
        """Return the place; a mapping begins at its anchor."""
        lines = position.source.lines
        line = lines[position.line - 1] if position.line <= len(lines) else ""
        anchor = _ANCHOR.match(line, position.column - 1)
        return cls(position, anchor[1] if anchor else "")


@dataclass(frozen=True)
class KnownConfig:
    """A config that was read, with the Python names of what is in it."""

    path: str
    config: TelemetryConfig
    symbols: Symbols
    documents: tuple[Document, ...]

    @cached_property
    def _owners(self) -> dict[_Spot, Position]:
        """Of each value of a mapping, by the place where it stands, where that mapping begins."""
        root = self.documents[0].root if self.documents else None
        return dict(_owners(root)) if root else {}

    def merged_keys(self, channel: ChannelConfig) -> tuple[tuple[Place, tuple[str, ...]], ...]:
        """Return the keys that a channel has from mappings other than its own, by mapping, in the file's order."""
        found: dict[_Spot, tuple[Position, list[str]]] = {}
        for key, position in channel.key_positions.items():
            owner = self._owners.get((position.line, position.column), channel.definition)
            if owner != channel.definition:
                found.setdefault((owner.line, owner.column), (owner, []))[1].append(key)
        return tuple((Place.at(owner), tuple(keys)) for _, (owner, keys) in sorted(found.items()))

    def is_optional(self, flow: FlowConfig, channel: ChannelConfig) -> bool:
        """Tell whether a channel may be left out of a flow."""
        return channel.name in self.config.extension.optional_channels.get(flow.name, {})


@dataclass(frozen=True, slots=True)
class KnownFlow:
    """A flow of one of the configs."""

    home: KnownConfig
    flow: FlowConfig


def read_configs(sources: tuple[ConfigSource, ...]) -> tuple[tuple[KnownConfig, ...], tuple[Diagnostic, ...]]:
    """Read each config as far as it can be read: what is wrong with one keeps nothing else from being explained."""
    known: list[KnownConfig] = []
    errors: list[Diagnostic] = []
    for source in sources:
        reading = read_leniently(source.path, source.side_inputs)
        errors += reading.errors
        if reading.config is not None:
            known.append(KnownConfig(str(source.path), reading.config, Symbols(reading.config), reading.documents))
    return tuple(known), tuple(errors)


def _owners(root: Child) -> Iterator[tuple[_Spot, Position]]:
    """Yield the place of each value and where its mapping begins; what aliases share is visited once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop().node
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            for entry in node.entries:
                yield (entry.value.position.line, entry.value.position.column), node.position
                waiting.append(entry.value)
