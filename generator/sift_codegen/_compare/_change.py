"""One difference between two configs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sift_codegen._diagnostics import Position

__all__ = ["Change", "ChangeClass", "Side"]


class ChangeClass(Enum):
    """What a change breaks; the gravest first."""

    WIRE = "wire"
    """What bytes mean: order, types, enum keys, bit layouts, and whatever was there and is gone."""
    SOURCE = "source"
    """Code that uses the package: a Python name that is gone or another, a field that has become required."""
    DOC = "doc"
    """What people read: units and descriptions."""
    ADDED = "added"
    """Nothing that was there: a new flow, a channel behind all others, a new label, a new element in bytes there were.

    An ingestion config that a server has already is another matter: there, all but a new flow is drift, too.
    """


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the configs has, and where; the position is None where it has no text."""

    text: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference: what it breaks, where, a few words that say what, and both sides.

    `channel` is None for what befalls a whole flow, `before` or `after` where that side has nothing of the kind.
    """

    kind: ChangeClass
    flow: str
    channel: str | None
    message: str
    before: Side | None
    after: Side | None
