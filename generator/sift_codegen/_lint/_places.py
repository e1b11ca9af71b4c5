"""From the place of a finding to what is written there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from sift_codegen._diagnostics import Position
from sift_codegen._lint._walk import is_alias, written_nodes
from sift_codegen._read_config import Document
from sift_codegen._read_extension import EXTENSION_KEY
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
    others: set[_Point] = field(default_factory=set)
    """What is not only the place's own: below keys of other tools, or a number that aliases stand for."""

    def __post_init__(self) -> None:
        """Go over the document once."""
        root, lent = self.document.root, set[int]()
        for child in written_nodes(root):
            if not is_alias(child):
                self._add(child)
                continue
            lent.add(id(child.node))
            if isinstance(child.node, Scalar) and not isinstance(child.node.value, str):
                self.others.add(point(child.node.position))
        if root is not None and isinstance(root.node, Mapping):
            for entry in root.node.entries:
                if entry.key.text.startswith("x-") and entry.key.text != EXTENSION_KEY:
                    self._add_foreign(list(written_nodes(entry.value)), lent)

    def _add_foreign(self, children: list[Child], lent: set[int]) -> None:
        """Note what is below a key of another tool, unless it only lends its anchors to the config."""
        if any(id(child.node) in lent for child in children):
            return
        for child in children:
            self.others.add(point(child.position))
            if isinstance(child.node, Mapping) and not is_alias(child):
                self.others.update(point(entry.key.position) for entry in child.node.entries)

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
