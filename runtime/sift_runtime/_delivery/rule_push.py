"""Pushing rules from flight: after the registration, and in no data's way."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Final

from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.errand import PATIENCE_SECONDS, Refusal, seconds_until_again
from sift_runtime._delivery.links import Links
from sift_runtime._errors import RequestError
from sift_runtime._package import Package
from sift_runtime._registration import Registry, RulePusher
from sift_runtime._spool.spool import Spool

__all__ = ["ERRAND", "RulePush"]

_log: Final = logging.getLogger("sift_runtime")
ERRAND: Final = "rules"


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

    def carry_out(self, *, at_once: bool = False) -> None:
        """Push the rules, if that is due; where it fails for now, in a while."""
        if at_once:
            self._again_at = 0.0
        if not self.is_pending or not self.condition.is_registered or time.monotonic() < self._again_at:
            return
        wait = seconds_until_again(self._push, self._give_up)
        if wait is not None:
            self._again_at = time.monotonic() + wait
            return
        self.is_pending = False
        self.spool.done(ERRAND)

    def seconds_until_due(self) -> float | None:
        """Return how long to wait at most before trying again; None for ever."""
        is_waiting = self.is_pending and self.condition.is_registered
        return max(0.0, self._again_at - time.monotonic()) if is_waiting else None

    def _push(self) -> None:
        telemetry = self.package.telemetry
        if telemetry is None:
            return
        control = self.links.current().control.within(PATIENCE_SECONDS)
        self.registry.register_flows(control, _flows_of_rules(self.package))
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
