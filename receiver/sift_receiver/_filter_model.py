"""A parsed list filter: values, and the tree of conditions over a resource's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "AllOf",
    "AnyOf",
    "Comparison",
    "Condition",
    "Duration",
    "FieldReference",
    "FieldValue",
    "Fields",
    "Literal",
    "Membership",
    "Not",
    "Operand",
    "Scalar",
    "TextCall",
    "Timestamp",
    "Truth",
]


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """A time in nanoseconds since 1970."""

    nanoseconds: int


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time in nanoseconds."""

    nanoseconds: int


Scalar: TypeAlias = str | float | bool | Timestamp | Duration | None
# A tuple is a field with several values (tags): a condition holds if it holds for one of them. A mapping is metadata.
FieldValue: TypeAlias = Scalar | tuple[str, ...] | Mapping[str, Scalar]
Fields: TypeAlias = Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written in the filter."""

    value: Scalar
    position: int


@dataclass(frozen=True, slots=True)
class FieldReference:
    """A field of the resource; `key` selects an entry of a mapping field."""

    name: str
    key: str | None
    position: int


Operand: TypeAlias = Literal | FieldReference


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, the operator one of == != < <= > >=."""

    left: Operand
    operator: str
    right: Operand
    position: int


@dataclass(frozen=True, slots=True)
class Membership:
    """`left in [literals]`; the literals are kept as a set of comparable values."""

    left: Operand
    members: frozenset[tuple[str, Scalar]]


@dataclass(frozen=True, slots=True)
class TextCall:
    """`field.contains(text)` and the like."""

    field: FieldReference
    method: str
    argument: str
    position: int


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean by itself."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """`!condition`."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a && b && c`."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a || b || c`."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Membership | TextCall | Truth | Not | AllOf | AnyOf
