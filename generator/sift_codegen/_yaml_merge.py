"""A mapping with its merge keys resolved: explicit keys win, and of `<<: [*a, *b]` the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sift_codegen._diagnostics import Diagnostic
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence, describe

__all__ = ["MergeResolver"]

_DEEPEST: Final = 100  # merges of merges; each level is a level of recursion here


@dataclass(slots=True)
class MergeResolver:
    """Resolves each mapping once, however often aliases name it; `errors` are those of all mappings resolved so far."""

    errors: list[Diagnostic] = field(default_factory=list)
    _resolved: dict[Mapping, dict[str, Entry]] = field(default_factory=dict)
    _depth: int = 0

    def entries(self, mapping: Mapping) -> dict[str, Entry]:
        """Return the entries by key; keys that are no texts are shown as written."""
        if mapping not in self._resolved:
            self._depth += 1
            self._resolved[mapping] = self._resolve(mapping)
            self._depth -= 1
        return self._resolved[mapping]

    def _resolve(self, mapping: Mapping) -> dict[str, Entry]:
        explicit: dict[str, Entry] = {}
        merges: list[Child] = []
        for entry in mapping.entries:
            if _is_merge(entry.key):
                merges.append(entry.value)
            else:
                self._add(explicit, entry)
        if merges and self._depth > _DEEPEST:
            message = f"merge keys of merge keys, more than {_DEEPEST} levels deep"
            self.errors.append(Diagnostic(merges[0].position, message))
            return explicit
        for merge in merges:
            for source in self._sources(merge):
                for key, entry in self.entries(source).items():
                    explicit.setdefault(key, entry)
        return explicit

    def _add(self, entries: dict[str, Entry], entry: Entry) -> None:
        name = entry.key.text
        if not isinstance(entry.key.value, str):
            message = f"a key must be a text, found {describe(entry.key)}; quote it"
            self.errors.append(Diagnostic(entry.key.position, message))
        first = entries.setdefault(name, entry)
        if first is not entry:
            message = f"the key {name!r} stands twice in one mapping"
            self.errors.append(Diagnostic(entry.key.position, message, (f"first at {first.key.position}",)))

    def _sources(self, merge: Child) -> list[Mapping]:
        children = merge.node.items if isinstance(merge.node, Sequence) else [merge]
        sources = []
        for child in children:
            if isinstance(child.node, Mapping):
                sources.append(child.node)
            else:
                message = f"'<<' merges mappings, found {describe(child.node)}"
                self.errors.append(Diagnostic(child.position, message))
        return sources


def _is_merge(key: Scalar) -> bool:
    return key.is_plain and key.text == "<<"
