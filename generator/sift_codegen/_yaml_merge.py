"""A mapping with its merge keys resolved: explicit keys win, and of `<<: [*a, *b]` the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sift_codegen._findings import Findings
from sift_codegen._yaml_budget import VisitBudget
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence, describe

__all__ = ["MergeResolver"]

_DEEPEST: Final = 100  # merges of merges; each level is a level of recursion here


@dataclass(slots=True)
class MergeResolver:
    """Resolves each mapping once, however often aliases name it."""

    findings: Findings
    budget: VisitBudget
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
        merges: list[Entry] = []
        for entry in mapping.entries:
            if _is_merge(entry.key):
                merges.append(entry)
            else:
                self._add(explicit, entry)
        if len(merges) > 1:
            # Readers differ in which of the two wins; in a list all agree with the merge key's specification.
            message, mend = "the merge key '<<' stands twice in one mapping", "merge a list: `<<: [*first, *second]`"
            first, second = merges[0].key.position, merges[1].key.position
            self.findings.error(second, message, f"first at {first}", mend, code="SC008", also=(first,))
        for entry in merges:
            self._merge(entry.value, explicit)
        return explicit

    def _add(self, entries: dict[str, Entry], entry: Entry) -> None:
        name = entry.key.text
        if not isinstance(entry.key.value, str):
            message = f"a key must be a text, found {describe(entry.key)}; quote it"
            self.findings.error(entry.key.position, message, code="SC007")
        first = entries.setdefault(name, entry)
        if first is not entry:
            message = f"the key {name!r} stands twice in one mapping"
            note, also = f"first at {first.key.position}", (first.key.position,)
            self.findings.error(entry.key.position, message, note, code="SC002", also=also)

    def _merge(self, merge: Child, entries: dict[str, Entry]) -> None:
        if self._depth > _DEEPEST:
            message = f"merge keys of merge keys, more than {_DEEPEST} levels deep"
            self.findings.error(merge.position, message, code="SC009")
            return
        for child in merge.node.items if isinstance(merge.node, Sequence) else [merge]:
            if isinstance(child.node, Mapping):
                merged = self.entries(child.node)
                self.budget.spend(child.position, len(merged) + 1)
                for key, entry in merged.items():
                    entries.setdefault(key, entry)
            else:
                message = f"'<<' merges mappings, found {describe(child.node)}"
                self.findings.error(child.position, message, code="SC008")


def _is_merge(key: Scalar) -> bool:
    return key.is_plain and key.text == "<<"
