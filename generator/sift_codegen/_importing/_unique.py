"""Names that have to differ: what comes second gets a number."""

from __future__ import annotations

__all__ = ["Names"]


class Names:
    """Names given out so far."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """Return the name that is wanted, or with the first number behind it that makes it another."""
        name = wanted
        while name in self._taken:
            number = self._next.get(wanted, 2)
            self._next[wanted] = number + 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name
