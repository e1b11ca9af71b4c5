"""A YAML document as a tree of typed nodes that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from sift_codegen._diagnostics import Position

__all__ = ["Child", "Entry", "Mapping", "Node", "Scalar", "Sequence", "describe"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar: its value by the core schema, its text, and whether it was written without quotes."""

    value: str | int | float | bool | None
    text: str
    is_plain: bool
    position: Position


@dataclass(slots=True, eq=False)
class Sequence:
    """A list; known by identity, as aliases share it."""

    position: Position
    items: list[Child] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Mapping:
    """A mapping as written: merge keys are still entries like the others."""

    position: Position
    entries: list[Entry] = field(default_factory=list)


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Child:
    """A node in its place: `position` is the alias where there is one, else the node's own."""

    node: Node
    position: Position


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value."""

    key: Scalar
    value: Child


def describe(node: Node) -> str:
    """Say what a node is, for messages."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    names = {str: "the text", bool: "the boolean", int: "the integer", float: "the number"}
    if node.value is None:
        return f"null ({node.text})" if node.text else "nothing"
    text = node.text if len(node.text) <= 60 else node.text[:57] + "..."
    return f"{names[type(node.value)]} {text!r}" if isinstance(node.value, str) else f"{names[type(node.value)]} {text}"
