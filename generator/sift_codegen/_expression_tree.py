"""An expression as a tree; every part knows where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Call", "Channel", "Expression", "Items", "Member", "Name", "Number", "Operation", "Placeholder", "Text"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    offset: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text, without its quotes."""

    value: str
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """A word: true, false, null, or what only Sift knows."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, by its reference, such as $1."""

    reference: str
    offset: int


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A sub-expression, such as $limit."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Expression, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or a method where there is an object."""

    function: str
    arguments: tuple[Expression, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Member:
    """A part of something: by name, or by index."""

    parts: tuple[Expression, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands: one, two, or three for `? :`."""

    operator: str
    operands: tuple[Expression, ...]
    offset: int


Expression: TypeAlias = Number | Text | Name | Channel | Placeholder | Items | Call | Member | Operation
