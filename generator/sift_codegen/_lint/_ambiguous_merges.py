"""SC010 for merge keys: which of two values wins depends on the loader.

By the specification, and so here and in PyYAML up to 6.0.3, explicit keys win, and of several anchors the first. To
rapidyaml, an anchor wins over the keys before its `<<`, and of a list of anchors the last wins; what two of them have
wins over the keys behind too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position
from sift_codegen._findings import Findings
from sift_codegen._lint._finding import found
from sift_codegen._lint._walk import is_alias, same, written_nodes
from sift_codegen._read_config import Document
from sift_codegen._yaml_budget import VisitBudget
from sift_codegen._yaml_merge import MergeResolver
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence, describe

__all__ = ["MERGE_FIRST", "ambiguous_merges"]

MERGE_FIRST: Final = "put << first"

_OF_A_LIST: Final = ("rapidyaml and PyYAML 6.0.4 read", "PyYAML before that and YAML's merge key read")
"""PyYAML 6.0.4 compares keys by identity, so that the last of a list wins there too."""


def ambiguous_merges(document: Document) -> Iterator[Diagnostic]:
    """Yield a finding for each key of a mapping with a merge on whose value the two loaders differ."""
    resolver = MergeResolver(Findings(), VisitBudget())
    try:
        for child in written_nodes(document.root):
            if isinstance(child.node, Mapping) and not is_alias(child):
                yield from _of_mapping(child.node, resolver)
    except ConfigError:  # unfolds to more than is read; the reader tells that of all that a flow uses
        return


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge key: where, its mend, the explicit keys that rapidyaml overrides, and the entries that are merged."""

    place: Position
    mend: str
    overridden: dict[str, Entry]
    merged: list[dict[str, Entry]]


def _of_mapping(mapping: Mapping, resolver: MergeResolver) -> Iterator[Diagnostic]:
    for at, entry in enumerate(mapping.entries):
        if not (entry.key.is_plain and entry.key.text == "<<"):
            continue
        is_list = isinstance(entry.value.node, Sequence)
        children = entry.value.node.items if isinstance(entry.value.node, Sequence) else [entry.value]
        if any(not isinstance(child.node, Mapping) for child in children):
            return  # an error already
        inline = next((child for child in children if not is_alias(child)), None)
        if inline:
            message = "ambiguous merge: rapidyaml refuses a mapping that is no alias here, PyYAML merges it"
            yield found("SC010", inline.position, message, "give the mapping an anchor, or write its keys out")
            continue
        merged = [resolver.entries(child.node) for child in children if isinstance(child.node, Mapping)]
        named = {each.key.text: each for each in mapping.entries[:at]}
        named |= {each.key.text: each for each in mapping.entries[at + 1 :] if _is_merged_twice(each.key.text, merged)}
        mend = "merge one anchor only, and write the other keys out" if is_list else MERGE_FIRST
        yield from _differences(_Merge(entry.value.position, mend, named, merged))


def _is_merged_twice(key: str, merged: list[dict[str, Entry]]) -> bool:
    return sum(key in entries for entries in merged) > 1


def _differences(merge: _Merge) -> Iterator[Diagnostic]:
    """Yield a finding for each key that has one value by the specification and another in rapidyaml."""
    last = {key: entry for entries in merge.merged for key, entry in entries.items()}
    first = {key: entry for entries in reversed(merge.merged) for key, entry in entries.items()}
    for key, theirs in last.items():
        ours = merge.overridden.get(key) or first[key]
        if not same(ours.value, theirs.value):
            is_explicit = key in merge.overridden
            place = ours.key.position if is_explicit else merge.place
            these, those = ("rapidyaml reads", "PyYAML reads") if is_explicit else _OF_A_LIST
            readings = f"{these} {_shown(theirs.value)}, {those} {_shown(ours.value)}"
            other = theirs.value.position
            yield found("SC010", place, f"ambiguous {key}: {readings}; {merge.mend}", f"merged: {other}", also=(other,))


def _shown(child: Child) -> str:
    node = child.node
    return describe(node) if isinstance(node, Scalar) else f"{describe(node)} at {child.position}"
