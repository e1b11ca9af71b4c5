"""Registration, as far as it is the sender's work: when it is due, and what has to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from grpc import StatusCode

from sift_runtime._delivery.condition import Condition
from sift_runtime._delivery.reactions import Reaction, reaction_to
from sift_runtime._errors import RegistrationError, RequestError
from sift_runtime._generation import Generation
from sift_runtime._link import Link
from sift_runtime._origin import Origin
from sift_runtime._registration import ControlPlane, Identity, Registry
from sift_runtime._spool.progress import Batch, Hold
from sift_runtime._spool.spool import Spool

__all__ = ["Registering", "RunRefusedError"]

_AGAIN_SECONDS: Final = 30.0
_PATIENCE_SECONDS: Final = 5.0  # with what data that could be sent has to wait for


class RunRefusedError(RegistrationError):
    """It is a run that was refused, for now; whatever is not for it can be sent."""


@dataclass(slots=True)
class Registering:
    """Registers the own package and run; holds back, apart from all others, what is for one that is refused."""

    registry: Registry
    spool: Spool
    condition: Condition
    generation_of: Callable[[Origin], Generation]
    is_answered: bool = False
    """Whether the server has acknowledged anything since the start."""
    _held: dict[Hold, float] = field(default_factory=dict)
    _again_at: float = 0.0

    @property
    def is_due(self) -> bool:
        """Whether the own package, or the run that was asked for, is to be registered now.

        A process that knows the id from an earlier one ships first, and has it confirmed when the server is there. Runs
        are created in the order they were attached in: those of what waits come first, each with its first batch.
        """
        if not self.registry.schema or time.monotonic() < self._again_at:
            return False
        if self._is_confirmed:
            origin = self.spool.generation.origin
            is_wanted = origin.run is not None and _hold_of_run(origin) not in self._held
            return is_wanted and not self.spool.is_anything_due()
        return not self.registry.own_config_id() or self.is_answered or not self.spool.is_anything_due()

    @property
    def is_held(self) -> bool:
        """Whether the own package was refused."""
        return Hold(self.registry.schema) in self._held

    def hurry(self) -> None:
        """Try at once: somebody waits for it."""
        self._again_at = 0.0
        self.spool.nudge()

    def seconds_until_due(self) -> float | None:
        """Return how long to wait at most before looking again; None for ever."""
        times = [*self._held.values()]
        if self.registry.schema and not self._is_confirmed:
            times.append(self._again_at)
        return max(0.0, min(times) - time.monotonic()) if times else None

    def look_again(self, *, at_once: bool = False) -> None:
        """Let go of what has been held back for a while, or of all of it: it is tried again."""
        now = time.monotonic()
        for hold in [hold for hold, until in self._held.items() if at_once or until <= now]:
            del self._held[hold]
            self.spool.let_go_on(hold)
        if at_once:
            self._again_at = 0.0

    def register(self, link: Link) -> None:
        """Register the own package, and the run; raises RequestError where that has to wait."""
        origin = self.spool.generation.origin
        is_urgent = not self.registry.own_config_id()
        try:
            with _verdicts():
                if not self._is_confirmed:
                    self.registry.confirm(link.control if is_urgent else link.control.within(_PATIENCE_SECONDS))
                    self.condition.registered()
            if not self.spool.is_anything_due() and _hold_of_run(origin) not in self._held:
                self._run_id(origin, link.control)
        except RunRefusedError as error:
            self.hold_back(origin, error)
            self.fill_in()
        except RegistrationError as error:
            self.hold_back(origin, error)
        except RequestError:
            if self.registry.own_config_id() and origin.run is None:  # the data goes on without
                self._again_at = time.monotonic() + _AGAIN_SECONDS
            raise
        else:
            self.fill_in()

    def identify(self, batch: Batch, control: ControlPlane) -> Identity:
        """Return the ids for a batch; see Registry.identify(). Raises RunRefusedError where it is the run's."""
        with _verdicts():
            config_id = self.registry.identify(batch.origin, control, lambda: self.spool.flows_of(batch))
        return Identity(config_id, self._run_id(batch.origin, control))

    def fill_in(self) -> None:
        """Make records with the ids that are known now."""
        generation = self.spool.generation
        origin = generation.origin
        config_id, run_id = self.registry.own_config_id(), self.registry.runs.known_id(origin)
        if config_id and (config_id != origin.config_id or run_id != origin.run_id):
            run = None if run_id else origin.run
            new = self.generation_of(replace(origin, config_id=config_id, run_id=run_id, run=run))
            self.spool.exchange_generation(generation, new)  # if the user has attached another run meanwhile: next time

    def hold_back(self, origin: Origin, error: RegistrationError) -> None:
        """Leave the records of an origin, or those of its run, in the spool for now, and go on with all others."""
        until = time.monotonic() + _AGAIN_SECONDS
        if isinstance(error, RunRefusedError):
            hold, what = _hold_of_run(origin), "a run was refused, what is for it is held"
        else:
            hold, what = Hold(origin.schema), f"registration of client key {origin.client_key!r} refused, data is held"
            if origin.schema == self.registry.schema:
                self._again_at = until
        self._held[hold] = until
        self.spool.hold_back(hold)
        self.condition.became("held", what, error)

    def doubts(self, origin: Origin, error: RequestError) -> bool:
        """Tell whether it may be the config's id that is wrong; then it is forgotten, and will be asked for again."""
        confirmed = self.registry.is_confirmed(origin.schema)
        forgotten = error.code is StatusCode.NOT_FOUND
        if not forgotten and (confirmed or reaction_to(error) is not Reaction.REFUSED):
            return False
        self.condition.forgotten(error)
        self.registry.forget_config(origin)
        return True

    def _run_id(self, origin: Origin, control: ControlPlane) -> str:
        try:
            return self.registry.runs.identify(origin, control)
        except RegistrationError as error:
            raise RunRefusedError(str(error)) from error
        except RequestError as error:
            if reaction_to(error) in (Reaction.REFUSED, Reaction.HOLD):
                raise RunRefusedError(str(error)) from error
            raise

    @property
    def _is_confirmed(self) -> bool:
        return self.registry.is_confirmed(self.registry.schema)


def _hold_of_run(origin: Origin) -> Hold:
    return Hold(origin.schema, origin.run_key)


@contextmanager
def _verdicts() -> Iterator[None]:
    """Tell a refusal of a registration from one of data: that is held, and not rejected."""
    try:
        yield
    except RequestError as error:
        if reaction_to(error) is Reaction.REFUSED:
            raise RegistrationError(str(error)) from error
        raise
