"""Checks an expression against the channels that it is about: labels, and what can be compared and reckoned with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sift_codegen._config import ChannelConfig, DataType, ScalarValue
from sift_codegen._expression_tree import (
    Call,
    Channel,
    Expression,
    Items,
    Member,
    Name,
    Number,
    Operation,
    Placeholder,
    Text,
)
from sift_codegen._suggestion import did_you_mean

__all__ = ["Report", "check_expression"]

Report = Callable[..., None]
"""Takes the offset of what is wrong, the message, notes, and the code."""


class _Type(Enum):
    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"
    ENUM = "an enum"
    OPAQUE = "bytes or a bit field"
    UNKNOWN = "unknown"


_CHANNELS: Final = {
    DataType.STRING: _Type.TEXT,
    DataType.ENUM: _Type.ENUM,
    DataType.BOOL: _Type.TRUTH,
    DataType.BYTES: _Type.OPAQUE,
    DataType.BIT_FIELD: _Type.UNKNOWN,  # its elements are asked for in ways that only Sift knows
}
_REASONING: Final = frozenset(("&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", "in"))
_WORDS: Final = {"true": _Type.TRUTH, "false": _Type.TRUTH, "null": _Type.UNKNOWN}


def check_expression(
    tree: Expression,
    channels: Mapping[str, ChannelConfig | None],
    values: Mapping[str, ScalarValue],
    report: Report,
) -> None:
    """Report what is wrong with a rule's expression.

    `channels` has the channel of each reference, or None where it is not known here; `values` the sub-expressions.
    """
    checker = _Checker(channels, values, report)
    outcome = checker.type_of(tree)
    if outcome not in (_Type.TRUTH, _Type.UNKNOWN):
        report(tree.offset, f"the expression gives {outcome.value}; a rule needs true or false", code="SC411")


@dataclass(frozen=True, slots=True)
class _Checker:
    channels: Mapping[str, ChannelConfig | None]
    values: Mapping[str, ScalarValue]
    report: Report

    def type_of(self, tree: Expression) -> _Type:
        match tree:
            case Number() | Text() | Name():
                return _constant(tree)
            case Channel():
                return self._channel(tree)
            case Placeholder():
                return self._placeholder(tree)
            case Operation():
                return self._operation(tree)
            case Items(parts) | Member(parts) | Call(_, parts):
                for part in parts:
                    self.type_of(part)
                return _Type.UNKNOWN

    def _channel(self, tree: Channel) -> _Type:
        if tree.reference not in self.channels:
            known = ", ".join(sorted(self.channels)) or "none"
            message = f"{tree.reference} stands for no channel; channel_references has {known}"
            self.report(tree.offset, message, code="SC401")
        channel = self.channels.get(tree.reference)
        return _Type.UNKNOWN if channel is None else _CHANNELS.get(channel.data_type, _Type.NUMBER)

    def _placeholder(self, tree: Placeholder) -> _Type:
        if tree.name not in self.values:
            notes = did_you_mean(tree.name, self.values)
            self.report(tree.offset, f"{tree.name} has no value; give it in sub_expressions", *notes, code="SC407")
            return _Type.UNKNOWN
        value = self.values[tree.name]
        if isinstance(value, bool):
            return _Type.TRUTH
        return _Type.TEXT if isinstance(value, str) else _Type.NUMBER

    def _operation(self, tree: Operation) -> _Type:
        types = [self.type_of(operand) for operand in tree.operands]
        if tree.operator == "?:":
            self._require(tree, types[:1], _Type.TRUTH)
            return types[1] if types[1] is types[2] else _Type.UNKNOWN
        if tree.operator in _REASONING:
            self._reason(tree, types)
            return _Type.TRUTH
        reckons_with = _Type.TEXT if tree.operator == "+" and _Type.TEXT in types else _Type.NUMBER
        self._require(tree, types, reckons_with)
        return reckons_with

    def _reason(self, tree: Operation, types: list[_Type]) -> None:
        match tree.operator:
            case "&&" | "||" | "!":
                self._require(tree, types, _Type.TRUTH)
            case "==" | "!=":
                self._compare(tree, types)
            case "in":
                self._look_in_list(tree)
            case _:
                self._require(tree, types, _Type.TEXT if _Type.TEXT in types else _Type.NUMBER)

    def _require(self, tree: Operation, types: list[_Type], wanted: _Type) -> None:
        for operand, found in zip(tree.operands, types, strict=False):
            if found not in (wanted, _Type.UNKNOWN):
                message = f"{tree.operator} takes {wanted.value}; {self._what(operand, found)}"
                self.report(operand.offset, message, code="SC411")

    def _compare(self, tree: Operation, types: list[_Type]) -> None:
        left, right = tree.operands
        if _Type.ENUM in types:
            for enum, other in ((left, right), (right, left)):
                self._compare_enum(enum, other)
            return
        first, second = types
        if _Type.UNKNOWN not in types and first is not second:
            mine, its = self._what(left, first), self._what(right, second)
            self.report(tree.offset, f"{mine} and {its}: they are never equal", code="SC411")

    def _look_in_list(self, tree: Operation) -> None:
        needle, haystack = tree.operands
        if isinstance(haystack, Items):
            for item in haystack.items:
                self._compare_enum(needle, item)

    def _compare_enum(self, enum: Expression, other: Expression) -> None:
        """Compare with one of the labels of an enum; with a number, which may be a key, nothing is wrong."""
        channel = self.channels.get(enum.reference) if isinstance(enum, Channel) else None
        label = self._text(other)
        if channel is None or channel.data_type is not DataType.ENUM or label is None:
            return
        labels = [each.name for each in channel.enum_types]
        if label not in labels:
            notes = did_you_mean(label, labels) or (f"it has {', '.join(map(repr, labels[:20]))}",)
            self.report(other.offset, f"enum channel {channel.name!r} has no label {label!r}", *notes, code="SC406")

    def _text(self, tree: Expression) -> str | None:
        if isinstance(tree, Placeholder):
            value = self.values.get(tree.name)
            return value if isinstance(value, str) else None
        return tree.value if isinstance(tree, Text) else None

    def _what(self, tree: Expression, found: _Type) -> str:
        channel = self.channels.get(tree.reference) if isinstance(tree, Channel) else None
        if isinstance(tree, Channel) and channel is not None:
            return f"{tree.reference} is channel {channel.name!r} ({channel.data_type.value})"
        return f"this is {found.value}"


def _constant(tree: Number | Text | Name) -> _Type:
    if isinstance(tree, Name):
        return _WORDS.get(tree.name, _Type.UNKNOWN)
    return _Type.NUMBER if isinstance(tree, Number) else _Type.TEXT
