"""How long to wait before trying again: exponentially longer, with full jitter."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

__all__ = ["Backoff"]

_FIRST_SECONDS: Final = 0.1
_LONGEST_SECONDS: Final = 15.0


@dataclass(slots=True)
class Backoff:
    """Counts tries since the last success."""

    tries: int = 0

    def next_seconds(self) -> float:
        """Return how long to wait now: anything up to a bound that doubles, so that clients do not come in step."""
        bound = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return random.uniform(0, bound)  # noqa: S311  # spreads load, guards nothing

    def reset(self) -> None:
        """Begin anew after a success."""
        self.tries = 0
