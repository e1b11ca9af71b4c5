"""Pushing rules from flight: after the registration, in a thread of its own, and in no data's way."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.errand import PATIENCE_SECONDS, Refusal, seconds_until_again
from sift_runtime._delivery.links import Links
from sift_runtime._errors import RequestError
from sift_runtime._package import Package
from sift_runtime._registration import ControlPlane, Registry, RulePusher
from sift_runtime._spool.spool import Spool

__all__ = ["RulePush"]

_log: Final = logging.getLogger("sift_runtime")


class _Push:
    """A try to push the rules, which takes as many calls as there are rules, and as long as the server takes."""

    def __init__(self, work: Callable[[], float | None], tell: Callable[[], None]) -> None:
        """Begin; `work` returns when to try again, and `tell` is called at the end. Raises RuntimeError."""
        self.is_over = False
        self.wait: float | None = None
        self.failure: BaseException | None = None
        self._work = work
        self._tell = tell
        threading.Thread(target=self._run, name="sift-rules", daemon=True).start()

    def _run(self) -> None:
        try:
            self.wait = self._work()
        except BaseException as error:  # noqa: BLE001  # whatever it is, the sender deals with it
            self.failure = error
        self.is_over = True
        self._tell()


@dataclass(slots=True)
class RulePush:
    """Pushes a package's rules once. Used by one thread."""

    package: Package
    registry: Registry
    spool: Spool
    condition: Condition
    links: Links
    is_pending: bool
    _again_at: float = field(default=0.0)
    _push: _Push | None = None
    _is_outdated: bool = False
    """Whether there is another key than the one that is being tried."""

    def carry_out(self, *, at_once: bool = False) -> None:
        """Begin to push the rules, if that is due, or see what has come of it; where it fails for now, in a while."""
        if self._push is not None:
            self._finish(self._push)
        if at_once:
            self._again_at, self._is_outdated = 0.0, self._push is not None
        if self._is_waiting and time.monotonic() >= self._again_at:
            self._wait_for(seconds_until_again(self._begin, self._give_up))

    def seconds_until_due(self) -> float | None:
        """Return how long to wait at most before trying again; None for ever."""
        return max(0.0, self._again_at - time.monotonic()) if self._is_waiting else None

    @property
    def _is_waiting(self) -> bool:
        return self.is_pending and self._push is None and self.condition.is_registered

    def _begin(self) -> None:
        """Register the flows, which is the sender's own work, and have the rest done beside it."""
        control = self.links.current().control.within(PATIENCE_SECONDS)
        self.registry.register_flows(control, _flows_of_rules(self.package))
        self._push = _Push(lambda: seconds_until_again(lambda: self._call(control), self._give_up), self.spool.nudge)

    def _finish(self, push: _Push) -> None:
        if not push.is_over:
            return
        self._push = None
        is_outdated, self._is_outdated = self._is_outdated, False
        if push.failure is not None:
            raise push.failure
        self._wait_for(0.0 if is_outdated and push.wait is not None else push.wait)

    def _wait_for(self, seconds: float | None) -> None:
        if seconds is not None:
            self._again_at = time.monotonic() + seconds
        elif self._push is None:
            self.is_pending = False

    def _call(self, control: ControlPlane) -> None:
        telemetry = self.package.telemetry
        if telemetry is None:
            return
        report = RulePusher(telemetry, control).push()
        counts = len(report.created), len(report.updated), len(report.unchanged)
        _log.info("rules of asset %r: %d created, %d updated, %d unchanged", telemetry.asset_name, *counts)

    def _give_up(self, error: Refusal) -> None:
        if isinstance(error, RequestError):
            self.condition.last_error = error
        _log.error("the rules were not pushed: %s", error)


def _flows_of_rules(package: Package) -> list[str]:
    """Return the flows whose channels rules are about: the server refuses rules about channels that are not there."""
    telemetry = package.telemetry
    if telemetry is None:
        return []
    named = {name for rule in telemetry.rules for _, name in rule.channel_references}
    named |= {name for rule in telemetry.rules for name in rule.contextual_channels}
    schemas = [flow.schema() for flow in telemetry.flows]
    return [schema.name for schema in schemas if any(channel.name in named for channel in schema.channels)]
