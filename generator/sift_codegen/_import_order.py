"""The order in which import sorters and linters want names: as isort and ruff define it by default."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["sorted_exports", "sorted_modules", "sorted_names"]


def sorted_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that one `from` import has from its module."""
    return tuple(sorted(names, key=lambda name: (_category(name), _natural(name.lower()), _natural(name))))


def sorted_exports(names: Iterable[str]) -> tuple[str, ...]:
    """Return the entries of `__all__`: constants, then classes, then the rest, numbers by value."""
    return tuple(sorted(names, key=lambda name: (_category(name), _natural(name))))


def sorted_modules(modules: Iterable[str]) -> tuple[str, ...]:
    """Return modules in the order in which they are imported."""
    return tuple(sorted(modules, key=lambda module: (_natural(module.lower()), _natural(module))))


def _category(name: str) -> int:
    if len(name) > 1 and name.isupper():
        return 0
    return 1 if name[:1].isupper() else 2


def _natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Split into digits and the rest, so that c2 comes before c10."""
    chunks = re.findall(r"\d+|\D", name)
    return tuple((not chunk[0].isdigit(), int(chunk) if chunk[0].isdigit() else 0, chunk) for chunk in chunks)
