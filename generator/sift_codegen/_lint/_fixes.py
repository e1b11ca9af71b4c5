"""The edits that mend a finding, where there is no doubt about what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sift_codegen._diagnostics import Diagnostic, Position, SourceFile
from sift_codegen._lint._ambiguous_merges import MERGE_FIRST
from sift_codegen._lint._finding import Edit
from sift_codegen._lint._merge_order import merge_put_first
from sift_codegen._lint._misspelt_keys import renamed_key
from sift_codegen._lint._places import Places, point
from sift_codegen._lint._quoting import quoted_key, quoted_value
from sift_codegen._lint._spans import Spans
from sift_codegen._lint._texts import Text
from sift_codegen._lint._walk import same
from sift_codegen._read_config import Document

__all__ = ["fixes_of"]

_QUOTING: Final = frozenset({"SC007", "SC010", "SC014"})
_DOUBLED_ITEMS: Final = frozenset({"SC102", "SC202", "SC309"})
_FIXABLE: Final = _QUOTING | _DOUBLED_ITEMS | {"SC001", "SC002"}
_NO_TEXT: Final = frozenset({"SC005", "SC106"})


def fixes_of(
    kept: Iterable[Diagnostic],
    all_found: Iterable[Diagnostic],
    texts: dict[SourceFile, Text],
    documents: dict[SourceFile, Document],
) -> dict[Diagnostic, tuple[Edit, ...]]:
    """Return the fix of each finding that has one; `all_found` also holds those that are not told."""
    mistakes: dict[tuple[SourceFile, int, int], set[str]] = {}
    for each in all_found:
        mistakes.setdefault((each.position.source, *point(each.position)), set()).add(each.code)
    fixers: dict[SourceFile, _Fixer] = {}
    fixes: dict[Diagnostic, tuple[Edit, ...]] = {}
    for each in kept:
        source = each.position.source
        if each.code in _FIXABLE and source in documents:
            if source not in fixers:
                fixers[source] = _Fixer(texts[source], Places(documents[source]))
            if edits := fixers[source].edits(each, mistakes[source, *point(each.position)]):
                fixes[each] = edits
    return fixes


@dataclass(slots=True)
class _Fixer:
    """Fixes for the findings of one file."""

    text: Text
    places: Places
    _spans: list[Spans] = field(default_factory=list)

    @property
    def spans(self) -> Spans:
        """How far values reach; found when it is asked for, as few findings need it."""
        if not self._spans:
            self._spans.append(Spans(self.text))
        return self._spans[0]

    def edits(self, diagnostic: Diagnostic, mistakes: set[str]) -> tuple[Edit, ...]:
        """Return the edits that mend a finding; `mistakes` are the codes of all findings in its place."""
        if point(diagnostic.position) in self.places.others:  # to be read differently may be what they want
            return ()
        if diagnostic.message.endswith(MERGE_FIRST):
            mapping, _ = self.places.keys[point(diagnostic.position)]
            return merge_put_first(self.spans, mapping)
        edit = self._edit(diagnostic, mistakes)
        return (edit,) if edit else ()

    def _edit(self, diagnostic: Diagnostic, mistakes: set[str]) -> Edit | None:
        at = point(diagnostic.position)
        if diagnostic.code in _DOUBLED_ITEMS:
            return self._doubled_item(at, diagnostic.also)
        if diagnostic.code == "SC002":
            return self._doubled_entry(at)
        if diagnostic.code == "SC001":
            return renamed_key(self.text, self.places.keys[at], diagnostic) if at in self.places.keys else None
        if at in self.places.keys and diagnostic.message.startswith(("ambiguous key ", "a key must be ")):
            return quoted_key(self.text, self.places.keys[at][1].key)
        if at in self.places.values and not mistakes & _NO_TEXT:
            return quoted_value(self.text, self.places.values[at], is_text="SC014" in mistakes)
        return None

    def _doubled_item(self, at: tuple[int, int], others: tuple[Position, ...]) -> Edit | None:
        sequence, index = self.places.items.get(at, (None, 0))
        first, first_index = self.places.items.get(point(others[0]), (None, 0))
        if sequence is None or first is not sequence or first_index >= index:
            return None
        item = sequence.items[index]
        is_doubled = same(sequence.items[first_index], item)
        return self.spans.removal(item.position, item) if is_doubled else None

    def _doubled_entry(self, at: tuple[int, int]) -> Edit | None:
        mapping, entry = self.places.keys.get(at, (None, None))
        if mapping is None or entry is None:
            return None
        first = next(each for each in mapping.entries if each.key.text == entry.key.text)
        is_doubled = first is not entry and same(first.value, entry.value)
        return self.spans.removal(entry.key.position, entry.value) if is_doubled else None
