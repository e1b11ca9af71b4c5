"""Checks what an expression compares: that the two can be equal, and that labels are labels of the enum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sift_codegen._config import ChannelConfig
from sift_codegen._expression_kinds import Kind, Surroundings
from sift_codegen._expression_tree import Channel, Expression, outcomes
from sift_codegen._suggestion import did_you_mean

__all__ = ["Equality", "Report"]

Report = Callable[..., None]
"""Takes the offset of what is wrong, the message, notes, and the code."""


@dataclass(frozen=True, slots=True)
class Equality:
    """Two parts of an expression that are compared, and where to report what is wrong with that."""

    left: Expression
    right: Expression
    kinds: tuple[Kind, Kind]
    offset: int

    def check(self, surroundings: Surroundings, report: Report) -> None:
        """Report what can never be equal."""
        first, second = self.kinds
        if Kind.UNKNOWN not in self.kinds and first is not second and not _are_enum_and_value(first, second):
            self._report_never(surroundings, report)
            return
        for one, other in ((self.left, self.right), (self.right, self.left)):
            enums = [surroundings.enum(each) for each in outcomes(one)]
            known = [each for each in enums if each is not None]
            if known and len(known) == len(enums):
                self._check_enum(known, other, surroundings, report)

    def _check_enum(
        self, enums: list[ChannelConfig], other: Expression, surroundings: Surroundings, report: Report
    ) -> None:
        labels = list(dict.fromkeys(each.name for enum in enums for each in enum.enum_types))
        for outcome in outcomes(other):
            if _is_text_channel(outcome, surroundings):
                self._report_never(surroundings, report)
            elif surroundings.is_fraction(outcome):
                message = f"the keys of enum channel {enums[0].name!r} are whole numbers; it is never equal to this"
                report(outcome.offset, message, code="SC411")
            elif (label := surroundings.text(outcome)) is not None and label not in labels:
                notes = did_you_mean(label, labels) or (f"it has {', '.join(map(repr, labels[:20]))}",)
                message = f"enum channel {enums[0].name!r} has no label {label!r}"
                report(outcome.offset, message, *notes, code="SC406")

    def _report_never(self, surroundings: Surroundings, report: Report) -> None:
        mine = surroundings.what(self.left, self.kinds[0])
        its = surroundings.what(self.right, self.kinds[1])
        report(self.offset, f"{mine} and {its}: they are never equal", code="SC411")


def _are_enum_and_value(first: Kind, second: Kind) -> bool:
    """Tell whether one is an enum and the other may be its key or label."""
    return {first, second} in ({Kind.ENUM, Kind.NUMBER}, {Kind.ENUM, Kind.TEXT})


def _is_text_channel(tree: Expression, surroundings: Surroundings) -> bool:
    return isinstance(tree, Channel) and surroundings.kind_of(tree) is Kind.TEXT
