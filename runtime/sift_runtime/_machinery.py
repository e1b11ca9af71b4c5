"""What works behind an Sdk, and is made anew in a forked child: spool, registry and sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.registering import Registering
from sift_runtime._generation import Generation
from sift_runtime._origin import Origin
from sift_runtime._registration import RegistrationPolicy, Registry, RunRegistry, RunRequest, registration_of, schema_of
from sift_runtime._schema import Telemetry
from sift_runtime._sender import Sender
from sift_runtime._settings import BatchLimits, Connection
from sift_runtime._spool import Spool, SpoolSettings, Syncer, open_spool
from sift_runtime._state_changes import Announcer, OnState
from sift_runtime._stats import Stats

__all__ = ["Machinery", "MachinerySettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinerySettings:
    """All that it takes; the same in every process."""

    telemetry: Telemetry[Any]
    connection: Connection
    spool: SpoolSettings
    run_id: str
    on_state: OnState | None
    registration: RegistrationPolicy = field(default_factory=RegistrationPolicy)


@dataclass(frozen=True, slots=True)
class Machinery:
    """A spool, and a sender that does nothing before it is started."""

    telemetry: Telemetry[Any] | None
    spool: Spool
    sender: Sender
    syncer: Syncer | None
    runs: RunRegistry

    def start(self) -> None:
        """Begin to send, and to sync where that is asked for."""
        for stop in self.runs.pending_stops():
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
        telemetry = settings.telemetry
        own = registration_of(telemetry)
        origin = Origin(client_key=telemetry.client_key, schema=schema_of(own), run_id=settings.run_id)
        spool = open_spool(settings.spool, Generation.of(telemetry, origin))
        registry = Registry(own, settings.connection.endpoint.target, spool.directories, settings.registration)
        condition = Condition(spool.changed, Announcer(settings.on_state).announce)
        registering = Registering(registry, spool, condition, lambda origin: _generation(telemetry, origin))
        sender = Sender(spool, registering, settings.connection, settings.spool.limits)
        sender.fill_in()  # what an earlier process was told
        return cls(telemetry, spool, sender, Syncer(spool.sync) if spool.is_to_be_synced else None, registry.runs)

    @classmethod
    def without_package(cls, spool: Spool, connection: Connection) -> Machinery:
        """Prepare to send what is in a spool already."""
        registry = Registry(None, connection.endpoint.target, spool.directories)
        condition = Condition(spool.changed, Announcer(None).announce)
        registering = Registering(registry, spool, condition, lambda origin: _generation(None, origin))
        return cls(None, spool, Sender(spool, registering, connection, BatchLimits()), None, registry.runs)

    def stats(self) -> Stats:
        """Return the ledger of this moment."""
        return self.spool.stats(self.sender.condition.state, self.sender.restarts)

    def change_origin(self, change: Callable[[Origin], Origin]) -> None:
        """Make records with another origin from now on; what was tracked before keeps its own."""
        while True:
            old = self.spool.generation
            new = _generation(self.telemetry, change(old.origin))
            if self.spool.exchange_generation(old, new):
                return

    def attach_run(self, run: RunRequest | str) -> None:
        """Have records belong to this run from now on: one that is asked for, or one of this id; "" for none."""
        if isinstance(run, str):
            self.change_origin(lambda origin: replace(origin, run_id=run, run=None))
        else:
            self.runs.ask_for(run)
            self.change_origin(lambda origin: replace(origin, run_id="", run=run.essentials()))

    def stop_run(self) -> bool:
        """Detach the run, and have it stopped once its records are settled; False where there is none."""
        origin = self.spool.generation.origin
        if not origin.run_id and origin.run is None:
            return False
        self.attach_run("")
        self.spool.expect(self.runs.ask_to_stop(origin).token)
        self.spool.nudge()
        return True


def _generation(telemetry: Telemetry[Any] | None, origin: Origin) -> Generation:
    return Generation(origin, {}, {}, ()) if telemetry is None else Generation.of(telemetry, origin)
