"""The ids of tags that nobody creates: those of assets and runs, the same in every receiver."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final

from sift_runtime.messages import tags_pb2 as tags

__all__ = ["tag_id_of", "tag_ids"]

_NAMESPACE: Final = uuid.UUID("6f1d4a52-6c3c-4c0e-9a51-0c1c1f0f7a31")


def tag_id_of(kind: tags.TagType.ValueType, name: str) -> str:
    """Return the id of a tag."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


def tag_ids(kind: tags.TagType.ValueType, names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of tags."""
    return tuple(tag_id_of(kind, name) for name in names)
