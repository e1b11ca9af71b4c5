"""A merge key put in front of the other keys of its mapping, where all loaders let those win."""

from __future__ import annotations

from sift_codegen._lint._finding import Edit
from sift_codegen._lint._spans import Spans
from sift_codegen._lint._walk import is_alias
from sift_codegen._yaml_nodes import Mapping

__all__ = ["merge_put_first"]


def merge_put_first(spans: Spans, mapping: Mapping) -> tuple[Edit, ...]:
    """Return the edits that move `<<: *anchor` to the front; none where it is no single alias, or cannot be moved."""
    merges = [entry for entry in mapping.entries if entry.key.is_plain and entry.key.text == "<<"]
    if len(merges) != 1 or not is_alias(merges[0].value):
        return ()
    text, first = spans.text, mapping.entries[0].key.position
    removal = spans.removal(merges[0].key.position, merges[0].value)
    if removal is None:
        return ()
    taken = text.source.text[removal.start : removal.end]
    start = text.offset(first)
    if taken.startswith(","):
        return removal, Edit(start, start, f"{taken[1:].strip()}, ")
    before = text.source.text[start - first.column + 1 : start]
    ending = taken[len(taken.rstrip("\r\n")) :]
    if before.strip(" -") or not ending:
        return ()
    return removal, Edit(start, start, f"{taken.strip()}{ending}{' ' * len(before)}")
