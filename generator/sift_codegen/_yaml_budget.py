"""The bound on what aliases unfold to: a small file can name more values than any memory holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position

__all__ = ["VisitBudget"]

_MOST_VISITS: Final = 4_000_000


@dataclass(slots=True)
class VisitBudget:
    """Counts the values read, each as often as an alias or a merge key leads to it."""

    left: int = _MOST_VISITS

    def spend(self, position: Position, count: int) -> None:
        """Count `count` values read at a place; raises ConfigError when there have been more than four million."""
        self.left -= count
        if self.left < 0:
            message = f"the aliases of this config unfold to more than {_MOST_VISITS} values"
            gave_up = Diagnostic(position, message, ("list shared channels less often",), code="SC009")
            raise ConfigError((gave_up,))
