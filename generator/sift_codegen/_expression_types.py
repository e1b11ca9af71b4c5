"""Checks an expression against the channels that it is about: what can be compared, reckoned with, and asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sift_codegen._config import ChannelConfig, ScalarValue
from sift_codegen._expression_equality import Equality, Report
from sift_codegen._expression_kinds import Kind, Surroundings
from sift_codegen._expression_tree import Channel, Expression, Items, Operation, Placeholder, Text, in_order
from sift_codegen._suggestion import did_you_mean

__all__ = ["Report", "check_expression"]

_REASONING: Final = frozenset(("&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", "in"))
_PLACEHOLDER: Final = re.compile(r"\$[A-Za-z_]+")
_ORDERED: Final = (Kind.TEXT, Kind.TRUTH, Kind.OPAQUE)
_ADDED: Final = (Kind.TEXT, Kind.LIST, Kind.OPAQUE)


def check_expression(
    tree: Expression,
    channels: Mapping[str, ChannelConfig | None],
    values: Mapping[str, ScalarValue],
    report: Report,
) -> None:
    """Report what is wrong with a rule's expression; what only Sift knows is taken for right.

    `channels` has the channel of each reference, or None where it is not known here; `values` the sub-expressions.
    """
    checker = _Checker(Surroundings(channels, values), report)
    for part in in_order(tree):
        checker.check(part)
    outcome = checker.kind_of(tree)
    if outcome not in (Kind.TRUTH, Kind.UNKNOWN):
        report(tree.offset, f"the expression gives {outcome.value}; a rule needs true or false", code="SC411")


@dataclass(frozen=True, slots=True)
class _Checker:
    surroundings: Surroundings
    report: Report
    _kinds: dict[int, Kind] = field(default_factory=dict)
    """What the parts are that were checked, by their identity: equal parts in two places are two."""

    def kind_of(self, tree: Expression) -> Kind:
        return self._kinds[id(tree)]

    def check(self, tree: Expression) -> None:
        """Check a part whose own parts are checked."""
        match tree:
            case Channel():
                self._check_channel(tree)
            case Placeholder():
                self._check_placeholder(tree)
            case Text():
                self._check_text(tree)
        kind = self._operation(tree) if isinstance(tree, Operation) else self.surroundings.kind_of(tree)
        self._kinds[id(tree)] = kind

    def _check_channel(self, tree: Channel) -> None:
        if tree.reference not in self.surroundings.channels:
            known = ", ".join(sorted(self.surroundings.channels)) or "none"
            message = f"{tree.reference} stands for no channel; channel_references has {known}"
            self.report(tree.offset, message, code="SC401")

    def _check_placeholder(self, tree: Placeholder) -> None:
        values = self.surroundings.values
        if tree.name not in values:
            notes = did_you_mean(tree.name, values)
            self.report(tree.offset, f"{tree.name} has no value; give it in sub_expressions", *notes, code="SC407")

    def _check_text(self, tree: Text) -> None:
        for name, value in self.surroundings.values.items():
            if isinstance(value, str) and name in _PLACEHOLDER.findall(tree.value):
                message = f"sub-expression {name!r} is a text, whose own quotes end the text that it stands in"
                self.report(tree.offset, message, "write its value there", code="SC408")

    def _operation(self, tree: Operation) -> Kind:
        kinds = [self.kind_of(operand) for operand in tree.operands]
        if tree.operator == "?:":
            self._require(tree, kinds[:1], Kind.TRUTH)
            return kinds[1] if kinds[1] is kinds[2] else Kind.UNKNOWN
        if tree.operator in _REASONING:
            self._reason(tree, kinds)
            return Kind.TRUTH
        wanted = _shared(kinds, _ADDED) if tree.operator == "+" else Kind.NUMBER
        self._require(tree, kinds, wanted)
        return wanted

    def _reason(self, tree: Operation, kinds: Sequence[Kind]) -> None:
        match tree.operator:
            case "&&" | "||" | "!":
                self._require(tree, kinds, Kind.TRUTH)
            case "==" | "!=":
                left, right = tree.operands
                Equality(left, right, (kinds[0], kinds[1]), tree.offset).check(self.surroundings, self.report)
            case "in":
                self._look_in_list(*tree.operands)
            case _:
                self._require(tree, kinds, _shared(kinds, _ORDERED))

    def _require(self, tree: Operation, kinds: Sequence[Kind], wanted: Kind) -> None:
        """Report operands of another kind; whether Sift reckons with the keys of an enum is not known."""
        fitting = {wanted, Kind.UNKNOWN} | ({Kind.ENUM} if wanted is Kind.NUMBER else set())
        for operand, found in zip(tree.operands, kinds, strict=False):
            if found not in fitting:
                message = f"{tree.operator} takes {wanted.value}; {self.surroundings.what(operand, found)}"
                self.report(operand.offset, message, code="SC411")

    def _look_in_list(self, needle: Expression, haystack: Expression) -> None:
        if isinstance(haystack, Items):
            for item in haystack.items:
                kinds = (self.kind_of(needle), self.kind_of(item))
                Equality(needle, item, kinds, item.offset).check(self.surroundings, self.report)


def _shared(kinds: Sequence[Kind], possible: Sequence[Kind]) -> Kind:
    """Return what operands should all be: the first that one of them is, or numbers."""
    return next((kind for kind in possible if kind in kinds), Kind.NUMBER)
