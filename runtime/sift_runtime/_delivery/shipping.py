"""What the sender's thread does: register, take a batch, ship it, and react to what the server says."""

from __future__ import annotations

import logging
import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from grpc import StatusCode

from sift_runtime._delivery.attention import Attention, Readiness, ready
from sift_runtime._delivery.backoff import Backoff
from sift_runtime._delivery.bisection import RefusedInARow
from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.delivery import Delivery, GivenBackError, UndeliverableError
from sift_runtime._delivery.links import Links
from sift_runtime._delivery.reactions import Reaction, is_about_credentials, reaction_to
from sift_runtime._delivery.registering import Registering
from sift_runtime._delivery.window import Window
from sift_runtime._errors import RegistrationError, RequestError
from sift_runtime._frames import FrameBytes, with_config_id
from sift_runtime._grpcio_transport import INGEST
from sift_runtime._origin import Origin
from sift_runtime._registration import Identity, UnknownOriginError
from sift_runtime._spool.progress import Batch
from sift_runtime._spool.spool import Spool

__all__ = ["Shipping"]

_log: Final = logging.getLogger("sift_runtime")
_HOLD_SECONDS: Final = 30.0  # between tries where trying again does not mend it: often enough to notice, no hammering
_SHORTEST_RELIEF: Final = 1.0  # for a server that has no room, and does not say for how long
_LONGEST_RELIEF: Final = 300.0  # that a server may ask for


@dataclass(slots=True)
class Shipping:
    """Ships batches until the server has judged them. Used by one thread."""

    spool: Spool
    registering: Registering
    links: Links
    condition: Condition
    attention: Attention
    backoff: Backoff
    window: Window
    _rows: defaultdict[str, RefusedInARow] = field(default_factory=lambda: defaultdict(RefusedInARow))

    async def ship_next(self, longest: float | None) -> None:
        """Wait for a batch that is due, so many seconds at most, and ship it."""
        self.spool.limit_batches(self.window.limits)
        await ready(self._readiness(longest))
        batch = self.spool.take()
        if batch is not None:
            row = self._rows[batch.origin.schema]
            await Delivery(self.spool, self._attempt, row, self._hold, self._wait_for_disk).deliver(batch)

    async def pause_after(self, error: RequestError, what: str) -> None:
        """Wait as long as this failure asks for."""
        self.attention.require_going()  # an error that stopping has brought about is none
        self.spool.count_retry()
        pause = self.backoff.next_seconds()
        if reaction_to(error) is Reaction.HOLD:
            until = "until the key is accepted" if is_about_credentials(error) else "and tried again now and then"
            self.condition.became("held", f"{what} was refused, all data is held {until}", error)
            pause = _HOLD_SECONDS
        else:
            self.condition.became("backing off", f"{what} failed, trying again", error)
        shortest = _SHORTEST_RELIEF if error.code is StatusCode.RESOURCE_EXHAUSTED else 0.0
        await self.attention.pause(max(pause, shortest, min(error.retry_after or 0.0, _LONGEST_RELIEF)))

    def _readiness(self, longest: float | None) -> Readiness:
        """Be ready when the spool is, or at the latest after so many seconds."""
        until = math.inf if longest is None else time.monotonic() + longest

        def seconds_until_ready() -> float | None:
            wait = 0.0 if self.attention.is_renewed else self.spool.seconds_until_ready()
            return min(math.inf if wait is None else wait, until - time.monotonic())

        return seconds_until_ready

    async def _attempt(self, frames: memoryview, batch: Batch, count: int, *, whole: bool) -> RequestError | None:
        """Ship until the server has judged; see Attempt. A retry sends the same bytes."""
        asked_again, origin = False, batch.origin
        while True:
            try:
                link = self.links.current()
                identity = self.registering.identify(batch, link.control)
                link.transport.ship(_completed(frames, origin, identity))
            except UnknownOriginError as error:
                refusal = RequestError(INGEST, StatusCode.FAILED_PRECONDITION, str(error))
                raise UndeliverableError(refusal) from error
            except RegistrationError as error:
                self.registering.hold_back(origin, error)
                raise GivenBackError from error
            except RequestError as error:
                if not asked_again and self.registering.doubts(origin, error):
                    asked_again = True
                elif reaction_to(error) is Reaction.REFUSED:
                    self.condition.last_error = error
                    self.backoff.reset()  # it is there, and it answers
                    return error
                else:
                    await self._react(error, count, whole=whole)
            else:
                self._succeeded()
                return None

    async def _react(self, error: RequestError, count: int, *, whole: bool) -> None:
        narrower = reaction_to(error) is Reaction.NARROW
        if narrower:
            self.window.narrow()
        await self.pause_after(error, f"a batch of {count} flows")
        if narrower and whole:
            raise GivenBackError

    def _succeeded(self) -> None:
        self.backoff.reset()
        self.window.widen()
        self.registering.is_answered = True
        self.registering.fill_in()
        if not self.registering.is_held:
            self.condition.became("live", "the server acknowledges")

    async def _hold(self, error: RequestError, count: int) -> None:
        """Wait where the server refuses whatever it is sent."""
        what = f"the server refuses all of {count} flows, which are held (is it the schema?)"
        self.condition.became("held", what, error)
        await self.attention.pause(_HOLD_SECONDS)

    async def _wait_for_disk(self, error: OSError) -> None:
        _log.error("flows that the server refused cannot be kept, trying again: %s", error)
        await self.attention.pause(_HOLD_SECONDS)


def _completed(frames: memoryview, origin: Origin, identity: Identity) -> FrameBytes:
    """Return frames with the ids as they are now."""
    run_id = "" if origin.run_id else identity.run_id
    if origin.config_id == identity.config_id and not run_id:
        return frames
    return with_config_id(frames, identity.config_id, run_id)
