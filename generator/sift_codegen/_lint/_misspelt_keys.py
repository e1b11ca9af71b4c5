"""Keys that are wrong by case or underscores only: `dataType`, `Unit`."""

from __future__ import annotations

import re
from typing import Final

from sift_codegen._diagnostics import Diagnostic
from sift_codegen._lint._finding import Edit
from sift_codegen._lint._quoting import literal_at
from sift_codegen._lint._texts import Text
from sift_codegen._suggestion import folded
from sift_codegen._yaml_nodes import Entry, Mapping

__all__ = ["renamed_key"]

_SUGGESTED: Final = re.compile(r"did you mean '(\w+)'\?")


def renamed_key(text: Text, where: tuple[Mapping, Entry], diagnostic: Diagnostic) -> Edit | None:
    """Return the edit that spells an unknown key right, if its mapping has no other key that is meant so."""
    mapping, entry = where
    suggested = next((found[1] for note in diagnostic.notes if (found := _SUGGESTED.fullmatch(note))), "")
    alike = [each for each in mapping.entries if folded(each.key.text) == folded(suggested)]
    if alike != [entry] or not entry.key.is_plain:
        return None
    start = literal_at(text, entry.key.position, entry.key.text)
    return None if start is None else Edit(start, start + len(entry.key.text), suggested)
