"""What a piece of source is made of, as far as it matters to where it may be broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = [
    "Brackets",
    "Items",
    "Operators",
    "Source",
    "call",
    "flat",
    "keyword",
    "optional",
    "record",
    "tuple_of",
    "union",
]


@dataclass(frozen=True, slots=True)
class Items:
    """Expressions between commas."""

    items: tuple[Source, ...]
    explode: bool = False
    """Whether they stand one a line wherever their brackets are broken, even if one line would do."""
    is_one_tuple: bool = False


@dataclass(frozen=True, slots=True)
class Operators:
    """Operands of operators of one precedence, each with the operator in front of it (`"| "`, `"for "`)."""

    operands: tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class Brackets:
    """Brackets with what stands before and behind them on the same line: `head` opens them, `tail` closes them."""

    head: str
    body: Source
    tail: str
    always_broken: bool = False
    optional: bool = False
    """Whether the brackets are there only where the body is broken; head and tail are then just the brackets."""
    flat: str | None = field(init=False)
    """The source on one line; None where it never is."""

    def __post_init__(self) -> None:
        """Put the parts together once: trees are measured on every level."""
        body = None if self.always_broken else flat(self.body)
        whole = body if self.optional or body is None else f"{self.head}{body}{self.tail}"
        object.__setattr__(self, "flat", whole)


Source: TypeAlias = str | Items | Operators | Brackets
"""A text is never broken."""


def flat(source: Source) -> str | None:
    """Return source on one line, or None where it cannot be."""
    if isinstance(source, str):
        return source
    if isinstance(source, Brackets):
        return source.flat
    if isinstance(source, Items):
        parts = [flat(item) for item in source.items]
        joined = None if None in parts else ", ".join(part or "" for part in parts)
        return f"{joined}," if source.is_one_tuple and joined is not None else joined
    terms = [(operator, flat(operand)) for operator, operand in source.operands]
    return None if any(term is None for _, term in terms) else " ".join(f"{operator}{term}" for operator, term in terms)


def call(function: str, arguments: Iterable[Source], *, always_broken: bool = False) -> Brackets:
    """Return a call; `always_broken` puts each argument on a line of its own, whether they fit or not."""
    arguments = tuple(arguments)
    lone = len(arguments) == 1 and not always_broken
    body = arguments[0] if lone else Items(arguments, explode=always_broken)
    return Brackets(f"{function}(", body, ")", always_broken)


def keyword(name: str, value: Source) -> Source:
    """Return an argument of a call; the value is a text or in brackets."""
    if isinstance(value, Brackets):
        return Brackets(f"{name}={value.head}", value.body, value.tail, value.always_broken)
    return f"{name}={flat(value)}"


def optional(body: Source) -> Brackets:
    """Return an expression that gets parentheses where it is broken."""
    return Brackets("(", body, ")", optional=True)


def record(*items: Source) -> Brackets:
    """Return a tuple whose items belong together: on one line where they fit."""
    return Brackets("(", Items(items, explode=True), ")")


def union(*members: Source) -> Source:
    """Return the annotation of a union."""
    if len(members) == 1:
        return members[0]
    return Operators(tuple((("| " if index else ""), member) for index, member in enumerate(members)))


def tuple_of(items: Iterable[Source]) -> Source:
    """Return a tuple: one item a line from two on, as reviews see best what has come and gone."""
    items = tuple(items)
    if not items:
        return "()"
    several = len(items) > 1
    return Brackets("(", Items(items, explode=True, is_one_tuple=not several), ")", always_broken=several)
