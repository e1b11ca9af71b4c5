"""What works behind an Sdk, and is made anew in a forked child: spool, registry and sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.registering import Registering
from sift_runtime._flow import Flow
from sift_runtime._origin import Origin
from sift_runtime._package import Package
from sift_runtime._registration import RegistrationPolicy, Registry, RunRequest
from sift_runtime._schema import Telemetry
from sift_runtime._sender import Sender
from sift_runtime._sender_host import SenderHost
from sift_runtime._settings import BatchLimits
from sift_runtime._spool import Spool, SpoolSettings, Syncer, open_spool
from sift_runtime._state_changes import Announcer, OnState
from sift_runtime._stats import Stats

__all__ = ["Machinery", "MachinerySettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinerySettings:
    """All that it takes; the same in every process."""

    telemetry: Telemetry[Any]
    host: SenderHost
    spool: SpoolSettings
    run_id: str
    on_state: OnState | None
    rules: bool = False
    registration: RegistrationPolicy = field(default_factory=RegistrationPolicy)


@dataclass(frozen=True, slots=True)
class Machinery:
    """A spool, and a sender that does nothing before it is started."""

    package: Package
    registry: Registry
    spool: Spool
    sender: Sender
    syncer: Syncer | None

    def start(self) -> None:
        """Begin to send, and to sync where that is asked for."""
        for stop in self.registry.runs.pending_stops():
            self.spool.expect(stop.token)
        self.sender.start()
        if self.syncer is not None:
            self.syncer.start()

    def stop(self) -> None:
        """End both."""
        if self.syncer is not None:
            self.syncer.stop()
        self.sender.stop()

    @classmethod
    def build(cls, settings: MachinerySettings) -> Machinery:
        """Open the spool and prepare to send what is in it; raises OSError."""
        package = Package(settings.telemetry)
        thread = settings.host.thread
        spool = open_spool(settings.spool, package.generation(package.origin(settings.run_id)), thread.monitor)
        registry = Registry(
            package.registration, settings.host.connection.endpoint.target, spool.directories, settings.registration
        )
        condition = Condition(spool.changed, Announcer(settings.on_state).announce)
        registering = Registering(
            registry, spool, condition, lambda origin: package.generation(origin, spool.flow_number)
        )
        rules = package if settings.rules and settings.telemetry.rules else None
        sender = Sender(spool, registering, thread, settings.spool.limits, rules)
        sender.fill_in()  # what an earlier process was told
        return cls(package, registry, spool, sender, Syncer(spool.sync) if spool.is_to_be_synced else None)

    @classmethod
    def without_package(cls, spool: Spool, host: SenderHost) -> Machinery:
        """Prepare to send what is in a spool already."""
        registry = Registry(None, host.connection.endpoint.target, spool.directories)
        condition = Condition(spool.changed, Announcer(None).announce)
        package = Package(None)
        registering = Registering(registry, spool, condition, package.generation)
        return cls(package, registry, spool, Sender(spool, registering, host.thread, BatchLimits()), None)

    def stats(self) -> Stats:
        """Return the ledger of this moment."""
        return self.spool.stats(self.sender.condition.state, self.sender.restarts)

    def change_origin(self, change: Callable[[Origin], Origin]) -> None:
        """Make records with another origin from now on; what was tracked before keeps its own."""
        while True:
            old = self.spool.generation
            new = self.package.generation(change(old.origin), self.spool.flow_number)
            if self.spool.exchange_generation(old, new):
                return

    def add_flows(self, flows: tuple[type[Flow], ...]) -> Telemetry[Any]:
        """Have records of these flows made, too, which are registered before the first of them is sent.

        Returns all that there are now.
        """
        with self.package.lock:
            telemetry = self.package.extend(flows)
            self.registry.extend(self.package.registration)
            schema = self.package.schema
            self.change_origin(lambda origin: replace(origin, schema=schema))
            return telemetry

    def attach_run(self, run: RunRequest | str) -> None:
        """Have records belong to this run from now on: one that is asked for, or one of this id; "" for none."""
        if isinstance(run, str):
            self.change_origin(lambda origin: replace(origin, run_id=run, run=None))
        else:
            self.registry.runs.ask_for(run)
            self.change_origin(lambda origin: replace(origin, run_id="", run=run.essentials()))

    def stop_run(self) -> bool:
        """Detach the run, and have it stopped once its records are settled; False where there is none."""
        origin = self.spool.generation.origin
        if not origin.run_id and origin.run is None:
            return False
        self.attach_run("")
        self.spool.expect(self.registry.runs.ask_to_stop(origin).token)
        self.spool.nudge()
        return True
