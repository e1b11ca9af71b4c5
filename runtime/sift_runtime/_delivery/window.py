"""How much goes into one batch: less where the server cannot keep up, and more again when it can."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sift_runtime._settings import BatchLimits

__all__ = ["Window"]

_FEWEST_MESSAGES: Final = 16
_FEWEST_BYTES: Final = 16 * 1024
_STEPS: Final = 16


@dataclass(slots=True)
class Window:
    """Halved after a batch that was too much, widened by a sixteenth of the whole after each that was not.

    So clients that share a server come to equal shares (Chiu and Jain 1989, as in TCP).
    """

    widest: BatchLimits
    share: float = 1.0

    @property
    def limits(self) -> BatchLimits:
        """The limits of the next batch."""
        if self.share >= 1:
            return self.widest
        messages = max(min(self.widest.messages, _FEWEST_MESSAGES), int(self.widest.messages * self.share))
        size = max(min(self.widest.bytes, _FEWEST_BYTES), int(self.widest.bytes * self.share))
        return replace(self.widest, messages=messages, bytes=size)

    def narrow(self) -> None:
        """Take half as much."""
        self.share = max(self.share / 2, _FEWEST_MESSAGES / self.widest.messages / 2)

    def widen(self) -> None:
        """Take a little more."""
        self.share = min(1.0, self.share + 1 / _STEPS)
