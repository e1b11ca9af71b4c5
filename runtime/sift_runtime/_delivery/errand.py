"""What a sender does beside sending: tried again later where it fails for now, and in no data's way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from grpc import StatusCode

from sift_runtime._delivery.reactions import Reaction, reaction_to
from sift_runtime._errors import RegistrationError, RequestError, RuleError

__all__ = ["PATIENCE_SECONDS", "Errand", "Refusal", "seconds_until_again"]

_log: Final = logging.getLogger("sift_runtime")
_AGAIN_SECONDS: Final = 5.0
_HELD_SECONDS: Final = 30.0  # where it is the key, say, that has to be mended first
_VERDICTS: Final = frozenset({StatusCode.NOT_FOUND, StatusCode.UNIMPLEMENTED})  # on the thing itself
PATIENCE_SECONDS: Final = 5.0  # with each call, as data has to wait for it

Refusal: TypeAlias = RequestError | RegistrationError | RuleError


class Errand(Protocol):
    """Used by one thread."""

    def carry_out(self, *, at_once: bool = False) -> None:
        """Do what is due, or at once what waits to be tried again; what fails for now, in a while."""

    def seconds_until_due(self) -> float | None:
        """Return how long to wait at most before looking again; None for ever."""


def seconds_until_again(work: Callable[[], None], give_up: Callable[[Refusal], None]) -> float | None:
    """Try some work; returns when to try it again, None for never: it is done, or given up as that would be no use."""
    try:
        work()
    except RequestError as error:
        reaction = reaction_to(error)
        if reaction in (Reaction.RETRY, Reaction.NARROW):
            return _AGAIN_SECONDS
        if reaction is Reaction.HOLD and error.code not in _VERDICTS:
            _log.warning("not done yet, and tried again in %d s: %s", _HELD_SECONDS, error)
            return _HELD_SECONDS
        give_up(error)
    except (RegistrationError, RuleError) as error:
        give_up(error)
    return None
