"""From the place of a finding to what is written there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from sift_codegen._diagnostics import Position
from sift_codegen._lint._walk import is_alias, written_nodes
from sift_codegen._read_config import Document
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence

__all__ = ["Places"]

_Point: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Places:
    """Values, keys and list items of a document by line and column."""

    document: Document
    values: dict[_Point, Scalar] = field(default_factory=dict)
    keys: dict[_Point, tuple[Mapping, Entry]] = field(default_factory=dict)
    items: dict[_Point, tuple[Sequence, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Go over the document once."""
        for child in written_nodes(self.document.root):
            if not is_alias(child):
                self._add(child)

    def _add(self, child: Child) -> None:
        node = child.node
        if isinstance(node, Scalar):
            self.values[point(node.position)] = node
        elif isinstance(node, Sequence):
            self.items.update((point(item.position), (node, at)) for at, item in enumerate(node.items))
        else:
            self.keys.update((point(entry.key.position), (node, entry)) for entry in node.entries)


def point(position: Position) -> _Point:
    """Return line and column."""
    return position.line, position.column
