"""When two filter values are equal: only if they are of one kind."""

from __future__ import annotations

from sift_receiver._filter_model import Duration, Scalar, Timestamp

__all__ = ["comparable", "kind_of"]


def kind_of(value: Scalar) -> str:
    """Name the kind of a value; integers and floats are one kind, booleans another."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Timestamp):
        return "timestamp"
    return "duration" if isinstance(value, Duration) else "number"


def comparable(value: Scalar) -> tuple[str, Scalar]:
    """Pair a value with its kind, because Python holds 1 and true for equal."""
    return kind_of(value), value
