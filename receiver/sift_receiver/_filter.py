"""Applies a parsed filter to the fields of a resource."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import duckdb

from sift_receiver._errors import FilterError
from sift_receiver._filter_model import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    FieldReference,
    Fields,
    FieldValue,
    Literal,
    Membership,
    Not,
    Operand,
    Scalar,
    TextCall,
    Truth,
)
from sift_receiver._filter_parser import parse_filter
from sift_receiver._filter_values import comparable, kind_of

__all__ = ["Filter"]

_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED_KINDS = ("number", "string", "timestamp", "duration")


class Filter:
    """A list filter such as `client_key == 'K' && created_date > timestamp('2026-01-01T00:00:00Z')`."""

    def __init__(self, text: str, fields: Collection[str]) -> None:
        """Parse the text; raises FilterError naming the position, also for a field that is none of `fields`."""
        self._condition = parse_filter(text, fields)
        self._expressions: duckdb.DuckDBPyConnection | None = None

    def accepts(self, fields: Fields) -> bool:
        """Tell whether a resource with these fields passes; raises FilterError for kinds that cannot be compared."""
        return self._condition is None or self._holds(self._condition, fields)

    def _holds(self, condition: Condition, fields: Fields) -> bool:
        match condition:
            case AllOf(parts):
                return all(self._holds(part, fields) for part in parts)
            case AnyOf(parts):
                return any(self._holds(part, fields) for part in parts)
            case Not(inner):
                return not self._holds(inner, fields)
            case _:
                return self._relation_holds(condition, fields)

    def _relation_holds(self, relation: Comparison | Membership | TextCall | Truth, fields: Fields) -> bool:
        match relation:
            case Membership(left, members):
                return any(comparable(value) in members for value in _values(left, fields))
            case TextCall(field):
                return any(self._text_holds(relation, value) for value in _values(field, fields))
            case Comparison():
                return _compare(relation, fields)
            case Truth(operand):
                return any(value is True for value in _values(operand, fields))

    def _text_holds(self, call: TextCall, value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        if call.method == "contains":
            return call.argument in value
        if call.method == "startsWith":
            return value.startswith(call.argument)
        if call.method == "endsWith":
            return value.endswith(call.argument)
        return self._matches(call, value)

    def _matches(self, call: TextCall, value: str) -> bool:
        # DuckDB brings RE2, the dialect that the filter language prescribes; it cannot be made to backtrack for ever.
        if self._expressions is None:
            self._expressions = duckdb.connect()
        try:
            row = self._expressions.execute("SELECT regexp_matches(?, ?)", [value, call.argument]).fetchone()
        except duckdb.Error as error:
            raise FilterError(f"bad regular expression {call.argument!r}: {error}", call.position) from error
        return row == (True,)


def _compare(comparison: Comparison, fields: Fields) -> bool:
    pairs = [(left, right) for left in _values(comparison.left, fields) for right in _values(comparison.right, fields)]
    if comparison.operator == "==":
        return any(comparable(left) == comparable(right) for left, right in pairs)
    if comparison.operator == "!=":
        return all(comparable(left) != comparable(right) for left, right in pairs)
    return any(_ordered(comparison, left, right) for left, right in pairs)


def _ordered(comparison: Comparison, left: Scalar, right: Scalar) -> bool:
    if left is None or right is None:
        return False
    kinds = kind_of(left), kind_of(right)
    if kinds[0] != kinds[1] or kinds[0] not in _ORDERED_KINDS:
        raise FilterError(f"{kinds[0]} {comparison.operator} {kinds[1]} cannot be compared", comparison.position)
    return _ORDERINGS[comparison.operator](left, right)


def _values(operand: Operand, fields: Fields) -> Iterable[Scalar]:
    if isinstance(operand, Literal):
        return (operand.value,)
    value = _selected(operand, fields[operand.name])
    return value if isinstance(value, tuple) else (value,)


def _selected(reference: FieldReference, value: FieldValue) -> Scalar | tuple[str, ...]:
    if isinstance(value, Mapping):
        if reference.key is None:
            raise FilterError(f'field {reference.name!r} needs a key: {reference.name}["…"]', reference.position)
        return value.get(reference.key)
    if reference.key is not None:
        raise FilterError(f"field {reference.name!r} takes no key", reference.position)
    return value
