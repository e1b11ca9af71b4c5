"""Runs by what they were asked for: their ids, and which of them are to be stopped."""

from __future__ import annotations

import logging
from typing import Final

from sift_runtime._origin import Origin
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime._registration.runs import RunRequest, RunStop, find_or_create
from sift_runtime._registration.saved import RegistrationFile, SavedRegistrations

__all__ = ["RunRegistry"]

_log: Final = logging.getLogger("sift_runtime")


class RunRegistry:
    """What was asked for may come from any thread; the server is asked by one thread at a time."""

    def __init__(self, saved: SavedRegistrations, file: RegistrationFile, server: str, organization_id: str) -> None:
        """Begin with what earlier processes have left."""
        self._saved = saved
        self._file = file
        self._server = server
        self._organization_id = organization_id

    def ask_for(self, run: RunRequest) -> None:
        """Keep what a run is to be created with, before anything is tracked for it."""
        self._saved.runs[run.client_key] = run
        self._file.keep_run(run)

    def known_id(self, origin: Origin) -> str:
        """Return the id of an origin's run as far as it is known; empty where it is not, or there is no run."""
        if origin.run_id or origin.run is None:
            return origin.run_id
        return self._saved.run_ids.get((self._server, origin.run["client_key"]), "")

    def identify(self, origin: Origin, control: ControlPlane) -> str:
        """Return the id of an origin's run, found or created now if it is not known; empty where there is no run.

        Raises RegistrationError and RequestError.
        """
        known = self.known_id(origin)
        if known or origin.run is None:
            return known
        essentials = RunRequest.from_dict(origin.run)
        run = self._saved.runs.get(essentials.client_key, essentials)
        run_id = find_or_create(run, control, self._organization_id)
        self._saved.run_ids[self._server, run.client_key] = run_id
        self._file.keep_run_id(self._server, run.client_key, run_id)
        return run_id

    def ask_to_stop(self, origin: Origin) -> RunStop:
        """Have the run of an origin stopped once its records are settled."""
        stop = RunStop.of(origin)
        self._file.keep_stop(stop)
        self._saved.stops[stop.token] = stop
        return stop

    def pending_stops(self) -> list[RunStop]:
        """Return what is to be stopped, in the order it was asked for."""
        saved = self._saved
        return [stop for token, stop in list(saved.stops.items()) if token not in saved.stopped]

    def belongs(self, origin: Origin, stop: RunStop) -> bool:
        """Whether records of this origin are of the run that is to be stopped."""
        if not origin.run_key:
            return False
        run_id = self.known_id(stop.origin)
        return origin.run_key == stop.origin.run_key or (bool(run_id) and self.known_id(origin) == run_id)

    def stop(self, stop: RunStop, control: ControlPlane) -> None:
        """Stop a run, which is created for it if need be; raises RegistrationError and RequestError."""
        run_id = self.identify(stop.origin, control)
        control.stop_run(run_id)
        _log.info("run %s is stopped", run_id)

    def forget_stop(self, stop: RunStop) -> None:
        """Note that this has been done, or never will be."""
        self._saved.stopped.add(stop.token)
        self._file.keep_stopped(stop)
