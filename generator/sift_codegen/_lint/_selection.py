"""Which codes a run is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_codegen._lint._codes import matches

__all__ = ["UNREADABLE", "Selection"]

UNREADABLE: Final = ("SC003", "SC004", "SC009")
"""What keeps a file from being read; it is told whatever is selected, as nothing else could be."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes, or beginnings of codes; an empty `select` means all, and `ignore` wins over `select`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def has(self, code: str) -> bool:
        """Say whether findings of a code are told."""
        if code in UNREADABLE:
            return True
        is_selected = not self.select or matches(code, self.select)
        return is_selected and not matches(code, self.ignore)
