"""What a row of the table is: a fault, how often it was made, what is promised, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from faults.ledger import Loss

__all__ = ["Result", "Row", "Setting"]


@dataclass(frozen=True, slots=True)
class Setting:
    """How often to make the fault, an empty folder to do it in, and whom to tell after each time."""

    times: int
    folder: Path
    step: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a row: whether the promise was kept, and the figures in words."""

    kept: bool
    figure: str
    accepted: int = 0
    lost: int = 0

    @classmethod
    def of(cls, loss: Loss, *more: str, kept: bool = True) -> Result:
        """Judge by what was lost, and whatever else the row has looked at."""
        told = f"{loss.accepted:,} accepted, **{loss.lost:,} lost**, {loss.duplicates:,} duplicates"
        strange = f", {loss.invented:,} never tracked" if loss.invented else ""
        return cls(
            kept=kept and not loss.lost and not loss.invented,
            figure="; ".join([told + strange, *more]),
            accepted=loss.accepted,
            lost=loss.lost,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault, and what makes it. `promises` are those of the README that rest on it."""

    name: str
    fault: str
    promise: str
    times: int
    short: int
    """How often in the test suite."""
    run: Callable[[Setting], Result]
    promises: tuple[str, ...] = field(default=())
