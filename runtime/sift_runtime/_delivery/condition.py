"""How it stands with the server: seen in the stats, logged once per change, announced to the user."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sift_runtime._errors import RegistrationError, RequestError, SiftRuntimeError
from sift_runtime._state_changes import StateChange
from sift_runtime._stats import State

__all__ = ["Condition", "ServerError"]

_log: Final = logging.getLogger("sift_runtime")
_LEVELS: Final[dict[State, int]] = {
    "registering": logging.WARNING,
    "live": logging.INFO,
    "backing off": logging.WARNING,
    "held": logging.ERROR,
    "closed": logging.INFO,
}
ServerError: TypeAlias = RegistrationError | RequestError


class Condition:
    """The state and the newest error. Changed by one thread at a time, read and waited for by any."""

    def __init__(self, changed: threading.Condition, announce: Callable[[StateChange], None]) -> None:
        """Begin before the first registration; whoever waits for a change waits for `changed`."""
        self.state: State = "registering"
        self.last_error: ServerError | None = None
        self.is_registered = False
        """Whether the server has confirmed the ingestion config to this process."""
        self._changed = changed
        self._announce = announce
        self._reason: object = None
        self.asked_on = 0
        """Which connection the server is being asked on: the how manieth."""
        self._held_on = 0

    def is_decided(self, connection: int) -> bool:
        """Whether the server has confirmed the config, or refused what it was asked on this connection."""
        return self.is_registered or (self.state == "held" and self._held_on == connection)

    def registered(self) -> None:
        """Note that the server has confirmed the ingestion config."""
        self.is_registered = True
        self.became("live", "registered")

    def forgotten(self, error: ServerError) -> None:
        """Note that the server does not know the ingestion config any more, if it ever did."""
        self.is_registered = False
        self.became("registering", "the server does not take the ingestion config, registering again", error)

    def became(self, state: State, what: str, error: SiftRuntimeError | None = None) -> None:
        """Note where it stands now; told once, until the state or the kind of error is another."""
        if isinstance(error, ServerError):
            self.last_error = error
        reason = (state, type(error), error.code if isinstance(error, RequestError) else None)
        is_news, self._reason = reason != self._reason, reason
        self._held_on = self.asked_on
        previous, self.state = self.state, state
        try:
            if is_news:
                _log.log(_LEVELS[state], "%s%s", what, "" if error is None else f": {error}")
        finally:  # a handler of the user's may raise
            if previous != state:
                self._announce(StateChange(previous=previous, state=state, error=error, at=datetime.now(UTC)))
            with self._changed:
                self._changed.notify_all()
