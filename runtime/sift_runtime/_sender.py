"""Registers the package, sends batches and tries again: started, stopped, and started anew."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import Final

from sift_runtime._delivery.attention import Attention, StoppedError
from sift_runtime._delivery.backoff import Backoff
from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.errand import Errand
from sift_runtime._delivery.links import Links
from sift_runtime._delivery.registering import Registering
from sift_runtime._delivery.rule_push import RulePush
from sift_runtime._delivery.run_stops import RunStops
from sift_runtime._delivery.shipping import Shipping
from sift_runtime._delivery.window import Window
from sift_runtime._errors import ConnectTimeoutError, RequestError
from sift_runtime._package import Package
from sift_runtime._sender_thread import SenderThread, Work
from sift_runtime._settings import BatchLimits
from sift_runtime._spool.spool import Spool

__all__ = ["Sender"]

_log: Final = logging.getLogger("sift_runtime")


class Sender:
    """Takes batches off a spool until it is stopped; what it could not deliver stays there."""

    def __init__(
        self,
        spool: Spool,
        registering: Registering,
        thread: SenderThread,
        limits: BatchLimits,
        rules: Package | None = None,
    ) -> None:
        """Start nothing yet; where there is a package, its rules will be pushed, too."""
        self._spool = spool
        self._changed = thread.monitor.changed
        self._thread = thread
        self._registering = registering
        self._attention = Attention(thread.monitor)
        links = Links(thread.links, self._attention, registering.condition)
        self._shipping = Shipping(
            spool=spool,
            registering=registering,
            links=links,
            condition=registering.condition,
            attention=self._attention,
            backoff=Backoff(),
            window=Window(limits),
        )
        registry, condition = registering.registry, registering.condition
        self._errands: tuple[Errand, ...] = (
            RunStops(registry.runs, spool, links),
            *(() if rules is None else (RulePush(rules, registry, spool, condition, links, is_pending=True),)),
        )
        self.restarts = 0
        self._work: Work | None = None

    @property
    def condition(self) -> Condition:
        """How it stands with the server."""
        return self._registering.condition

    def fill_in(self) -> None:
        """Make records with the ids that are known from earlier processes."""
        self._registering.fill_in()

    def start(self) -> None:
        """Begin to register and send, in the background."""
        self._work = self._run()
        self._thread.take_on(self._work, self._attention)

    def wait_until_registered(self, timeout: float | None) -> None:
        """Return once registered; raises what refused it, or ConnectTimeoutError."""
        condition = self.condition
        if not condition.is_registered:
            self._registering.hurry()
        with self._changed:
            longest = timeout if timeout is None else min(timeout, threading.TIMEOUT_MAX)
            done = self._changed.wait_for(lambda: self._is_decided or self._attention.is_stopping, longest)
            if condition.is_registered:
                return
            if self._is_decided and condition.last_error is not None:
                raise condition.last_error
        last = f"; the last try said: {condition.last_error}" if condition.last_error else ""
        waited = f"within {timeout:g} s" if not done and timeout is not None else "before the sender stopped"
        raise ConnectTimeoutError(f"not registered {waited}{last}")

    @property
    def _is_decided(self) -> bool:
        return self.condition.is_decided(self._attention.renewals)

    def stop(self) -> None:
        """End; a call that is under way is cancelled. See SenderThread.let_go()."""
        self._attention.stop()
        self._spool.close()
        if self._work is not None:
            self._thread.let_go(self._work)
        self.condition.became("closed", "closed")

    async def _run(self) -> None:
        """Work until stopped; a defect of ours costs a restart, and nothing of what is in the spool."""
        with suppress(StoppedError):
            while not self._attention.is_stopping:
                await self._work_until_it_fails()

    async def _work_until_it_fails(self) -> None:
        try:
            while not self._attention.is_stopping:
                await self._step()
        except (StoppedError, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001  # whatever it is, the thread must not end with data in the spool
            self.restarts += 1
            with suppress(Exception):  # what raised may be a handler of the user's that this goes to, too
                _log.critical("the sender failed, a defect of ours; starting it anew", exc_info=error)
            with suppress(Exception):
                self._thread.links.renew()
            await self._attention.pause(self._shipping.backoff.next_seconds())

    async def _step(self) -> None:
        is_renewed = self._attention.look()
        self._registering.look_again(at_once=is_renewed)
        for errand in self._errands:
            errand.carry_out(at_once=is_renewed)
        if not self._registering.is_due:
            waits = [self._registering.seconds_until_due(), *(each.seconds_until_due() for each in self._errands)]
            await self._shipping.ship_next(min((wait for wait in waits if wait is not None), default=None))
            return
        try:
            self._registering.register(self._shipping.links.current())
        except RequestError as error:
            await self._shipping.pause_after(error, "registration")
