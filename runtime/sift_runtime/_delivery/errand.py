"""What a sender does beside sending: tried again later where it fails for now, and in no data's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from sift_runtime._delivery.reactions import Reaction, reaction_to
from sift_runtime._errors import RegistrationError, RequestError, RuleError

__all__ = ["AGAIN_SECONDS", "PATIENCE_SECONDS", "Errand", "Refusal", "is_over"]

AGAIN_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 5.0  # with each call, as data has to wait for it

Refusal: TypeAlias = RequestError | RegistrationError | RuleError


class Errand(Protocol):
    """Used by one thread."""

    def carry_out(self) -> None:
        """Do what is due; what fails for now, in a while."""

    def seconds_until_due(self) -> float | None:
        """Return how long to wait at most before looking again; None for ever."""


def is_over(work: Callable[[], None], give_up: Callable[[Refusal], None]) -> bool:
    """Try some work; returns False where it is to be tried again, and gives it up where that would be no use."""
    try:
        work()
    except RequestError as error:
        if reaction_to(error) in (Reaction.RETRY, Reaction.NARROW):
            return False
        give_up(error)
    except (RegistrationError, RuleError) as error:
        give_up(error)
    return True
