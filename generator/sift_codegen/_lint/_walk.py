"""The values of a document as they are written: each once, however many aliases lead to it."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._read_extension import EXTENSION_KEY
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence

__all__ = ["is_alias", "root_entry", "same", "written_nodes"]


def is_alias(child: Child) -> bool:
    """Say whether an alias stands here, and not the value itself."""
    return child.position != child.node.position


def written_nodes(root: Child | None) -> Iterator[Child]:
    """Yield every value below a root in no promised order, aliases too; not what they stand for.

    What a config says to this generator alone is left out: no other reader heeds it.
    """
    stack = [root] if root else []
    while stack:
        child = stack.pop()
        yield child
        if is_alias(child):
            continue
        if isinstance(child.node, Sequence):
            stack += child.node.items
        elif isinstance(child.node, Mapping):
            stack += [entry.value for entry in child.node.entries if child is not root or _is_shared(entry)]


def root_entry(root: Child | None, key: str) -> Entry | None:
    """Return an entry of the root mapping as it is written, None where there is none."""
    if root is None or not isinstance(root.node, Mapping):
        return None
    return next((entry for entry in root.node.entries if entry.key.text == key), None)


def same(one: Child, other: Child) -> bool:
    """Say whether two values say the same; two that are written unlike may be taken for different."""
    if one.node is other.node:
        return True
    if isinstance(one.node, Scalar) and isinstance(other.node, Scalar):
        return (one.node.text, one.node.value, one.node.is_plain) == (
            other.node.text,
            other.node.value,
            other.node.is_plain,
        )
    if isinstance(one.node, Sequence) and isinstance(other.node, Sequence):
        pairs = zip(one.node.items, other.node.items, strict=False)
        return len(one.node.items) == len(other.node.items) and all(same(*pair) for pair in pairs)
    if isinstance(one.node, Mapping) and isinstance(other.node, Mapping):
        return _same_entries(one.node.entries, other.node.entries)
    return False


def _same_entries(one: list[Entry], other: list[Entry]) -> bool:
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(
        mine.key.text == its.key.text and same(mine.value, its.value) for mine, its in pairs
    )


def _is_shared(entry: Entry) -> bool:
    return entry.key.text != EXTENSION_KEY
