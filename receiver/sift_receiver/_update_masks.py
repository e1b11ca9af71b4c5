"""Applies the paths of an update mask, and refuses those that cannot be updated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from google.protobuf.field_mask_pb2 import FieldMask

from sift_receiver._identifiers import invalid

__all__ = ["apply_mask"]

_Message = TypeVar("_Message")


def apply_mask(
    mask: FieldMask, updates: Mapping[str, Callable[[_Message, _Message], None]], target: _Message, source: _Message
) -> None:
    """Run the update of each path from `source` to `target`; raises INVALID_ARGUMENT for an empty or unknown path."""
    if not mask.paths:
        raise invalid(f"update_mask is empty: name what to update, of {', '.join(sorted(updates))}")
    for path in mask.paths:
        if path not in updates:
            raise invalid(f"update_mask: {path!r} cannot be updated, only {', '.join(sorted(updates))}")
        updates[path](target, source)
