"""The file of registrations: with it, records can be sent by a process that has never heard of their flows."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from google.protobuf.message import DecodeError

from sift_runtime._checked_lines import append_lines, read_lines
from sift_runtime._registration.runs import RunRequest, RunStop
from sift_runtime._settings import OnDrift
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["RegistrationFile", "SavedRegistrations", "read_registrations"]

_log: Final = logging.getLogger("sift_runtime")
_NAME: Final = "registrations"


@dataclass(slots=True)
class SavedRegistrations:
    """Requests by schema, or by the run's client key; ids by server and one of these; stops by token."""

    requests: dict[str, messages.CreateIngestionConfigRequest] = field(default_factory=dict)
    config_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    unchecked: set[tuple[str, str]] = field(default_factory=set)
    """Those ids, by server and schema, that were accepted whatever the server's flows are like."""
    run_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    runs: dict[str, RunRequest] = field(default_factory=dict)
    stops: dict[str, RunStop] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)

    def keep_config_id(self, server: str, schema: str, config_id: str, *, is_checked: bool) -> bool:
        """Keep what a server has given, and whether it was refused if flows were different; returns if it is news."""
        key = server, schema
        before = self.config_ids.get(key, ""), key not in self.unchecked
        self.config_ids[key] = config_id
        if is_checked:
            self.unchecked.discard(key)
        else:
            self.unchecked.add(key)
        return before != (config_id, is_checked)


def read_registrations(directory: Path, into: SavedRegistrations) -> frozenset[str]:
    """Add what a directory's file says, and return the schemas in it; a line that is damaged counts for nothing."""
    found: set[str] = set()
    try:
        for line in read_lines(directory / _NAME):
            _take(line, into)
            if "request" in line:
                found.update(schema for schema in (line.get("schema"),) if schema in into.requests)
    except OSError as error:
        _log.error("%s cannot be read, registering anew: %s", directory / _NAME, error)
    return frozenset(found)


def _take(line: Mapping[str, Any], into: SavedRegistrations) -> None:
    match line:
        case {"schema": str(schema), "request": str(request)}:
            try:
                message = messages.CreateIngestionConfigRequest.FromString(base64.b64decode(request))
            except DecodeError:
                return
            into.requests[schema] = message
        case {"schema": str(schema), "server": str(server), "config_id": str(config_id)}:
            into.keep_config_id(server, schema, config_id, is_checked=line.get("on_drift", "error") == "error")
        case {"run": str(key), "server": str(server), "run_id": str(run_id)}:
            into.run_ids[server, key] = run_id
        case {"run": str(key), "request": {"name": str(), "client_key": str()} as request}:
            into.runs[key] = RunRequest.from_dict(request)
        case {"stop": str(token), "run_id": str(run_id), "run": run}:
            into.stops[token] = RunStop(token=token, run_id=run_id, run=run)
        case {"stopped": str(token)}:
            into.stopped.add(token)
        case _:
            pass  # of a later version


class RegistrationFile:
    """Appends to a directory's file of registrations; to none where there is no directory.

    What cannot be written is known to this process all the same, and asked for again by the next. Safe in any thread
    and in a signal's handler.
    """

    def __init__(self, directory: Path | None) -> None:
        """Write nothing yet."""
        self._path = None if directory is None else directory / _NAME
        self._lock = threading.RLock()
        self._left: list[dict[str, Any]] = []
        """What could not be written yet: it is tried again with what comes next, in its order."""

    def keep_registration(self, schema: str, request: messages.CreateIngestionConfigRequest) -> None:
        """Keep what it takes to register these flows."""
        encoded = base64.b64encode(request.SerializeToString(deterministic=True)).decode()
        self._append({"schema": schema, "client_key": request.client_key, "request": encoded})

    def keep_config_id(self, server: str, schema: str, config_id: str, on_drift: OnDrift) -> None:
        """Keep the id that a server has given, and how it was accepted; an empty one forgets it."""
        accepted = {"on_drift": on_drift} if on_drift != "error" else {}
        self._append({"schema": schema, "server": server, "config_id": config_id, **accepted})

    def keep_run_id(self, server: str, key: str, run_id: str) -> None:
        """Keep the id that a server has given to a run."""
        self._append({"run": key, "server": server, "run_id": run_id})

    def keep_run(self, run: RunRequest) -> None:
        """Keep what a run is to be created with."""
        self._append({"run": run.client_key, "request": run.as_dict()})

    def keep_stop(self, stop: RunStop) -> None:
        """Keep that a run is to be stopped."""
        self._append({"stop": stop.token, "run_id": stop.run_id, "run": stop.run})

    def keep_stopped(self, stop: RunStop) -> None:
        """Keep that this has been done."""
        self._append({"stopped": stop.token})

    def _append(self, line: dict[str, Any]) -> None:
        if self._path is None:
            return
        try:
            with self._lock:
                self._left.append(line)
                lines = self._left.copy()
                append_lines(self._path, lines)
                del self._left[: len(lines)]
        except OSError as error:
            _log.warning("%s cannot be written: %s", self._path, error)
