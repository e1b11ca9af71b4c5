"""An expression as a tree; every part knows where it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Call",
    "Channel",
    "Entries",
    "Expression",
    "Items",
    "Member",
    "Name",
    "Number",
    "Operation",
    "Placeholder",
    "Text",
    "in_order",
    "outcomes",
]


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and whether it is a whole one."""

    is_whole: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text, without its quotes; or bytes."""

    value: str
    offset: int
    is_bytes: bool = False


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
class Entries:
    """A map: keys and values by turns."""

    parts: tuple[Expression, ...]
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


Expression: TypeAlias = Number | Text | Name | Channel | Placeholder | Items | Entries | Call | Member | Operation


def in_order(tree: Expression) -> Iterator[Expression]:
    """Yield all parts of an expression, each behind its own parts; however deep it is."""
    waiting, found = [tree], []
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting.extend(_parts(part))
    return reversed(found)


def outcomes(tree: Expression) -> Iterator[Expression]:
    """Yield what an expression may come to: itself, or what its `? :` choose from."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Operation) and part.operator == "?:":
            waiting.extend(reversed(part.operands[1:]))
        else:
            yield part


def _parts(tree: Expression) -> tuple[Expression, ...]:
    match tree:
        case Items(parts) | Entries(parts) | Member(parts) | Call(_, parts) | Operation(_, parts):
            return parts
        case _:
            return ()
