"""Stopping runs: after all that was tracked for one has been settled, and in no data's way."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Final

from sift_runtime._delivery.errand import PATIENCE_SECONDS, Refusal, seconds_until_again
from sift_runtime._delivery.links import Links
from sift_runtime._registration import RunRegistry, RunStop
from sift_runtime._spool.spool import Spool

__all__ = ["RunStops"]

_log: Final = logging.getLogger("sift_runtime")


@dataclass(slots=True)
class RunStops:
    """Stops the runs that were asked to be stopped. Used by one thread."""

    runs: RunRegistry
    spool: Spool
    links: Links
    _again_at: dict[str, float] = field(default_factory=dict)

    def carry_out(self, *, at_once: bool = False) -> None:
        """Stop each run of which nothing is left in the spool; those that cannot be stopped now, in a while."""
        if at_once:
            self._again_at.clear()
        now = time.monotonic()
        for stop in self.runs.pending_stops():
            if self._again_at.get(stop.token, 0.0) <= now and not self._has_data(stop):
                self._try(stop)

    def seconds_until_due(self) -> float | None:
        """Return how long to wait at most before trying again; None for ever."""
        return max(0.0, min(self._again_at.values()) - time.monotonic()) if self._again_at else None

    def _has_data(self, stop: RunStop) -> bool:
        return self.spool.holds(lambda origin: self.runs.belongs(origin, stop))

    def _try(self, stop: RunStop) -> None:
        def ask() -> None:
            self.runs.stop(stop, self.links.current().control.within(PATIENCE_SECONDS))

        wait = seconds_until_again(ask, self._give_up)
        if wait is not None:
            self._again_at[stop.token] = time.monotonic() + wait
            return
        self._again_at.pop(stop.token, None)
        self.runs.forget_stop(stop)
        self.spool.done(stop.token)

    def _give_up(self, error: Refusal) -> None:
        _log.error("a run was not stopped, and is left as it is: %s", error)
