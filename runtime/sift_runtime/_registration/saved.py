"""The file of registrations: with it, records can be sent by a process that has never heard of their flows."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from google.protobuf.message import DecodeError

from sift_runtime._checked_lines import append_lines, read_lines
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["SavedRegistrations", "read_registrations", "save_config_id", "save_registration", "save_run_id"]

_log: Final = logging.getLogger("sift_runtime")
_NAME: Final = "registrations"


@dataclass(slots=True)
class SavedRegistrations:
    """Requests by schema; ids by server and schema, or by server and the run's client key."""

    requests: dict[str, messages.CreateIngestionConfigRequest] = field(default_factory=dict)
    config_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    run_ids: dict[tuple[str, str], str] = field(default_factory=dict)


def read_registrations(directory: Path, into: SavedRegistrations) -> None:
    """Add what a directory's file says; a line that is damaged counts for nothing."""
    try:
        for line in read_lines(directory / _NAME):
            _take(line, into)
    except OSError as error:
        _log.error("%s cannot be read, registering anew: %s", directory / _NAME, error)


def _take(line: Mapping[str, Any], into: SavedRegistrations) -> None:
    match line:
        case {"schema": str(schema), "request": str(request)}:
            try:
                message = messages.CreateIngestionConfigRequest.FromString(base64.b64decode(request))
            except DecodeError:
                return
            into.requests[schema] = message
        case {"schema": str(schema), "server": str(server), "config_id": str(config_id)}:
            into.config_ids[server, schema] = config_id
        case {"run": str(key), "server": str(server), "run_id": str(run_id)}:
            into.run_ids[server, key] = run_id
        case _:
            pass  # of a later version


def save_registration(directory: Path, schema: str, request: messages.CreateIngestionConfigRequest) -> None:
    """Keep what it takes to register these flows."""
    encoded = base64.b64encode(request.SerializeToString(deterministic=True)).decode()
    _append(directory, {"schema": schema, "client_key": request.client_key, "request": encoded})


def save_config_id(directory: Path, server: str, schema: str, config_id: str) -> None:
    """Keep the id that a server has given; an empty one forgets it."""
    _append(directory, {"schema": schema, "server": server, "config_id": config_id})


def save_run_id(directory: Path, server: str, key: str, run_id: str) -> None:
    """Keep the id that a server has given to a run."""
    _append(directory, {"run": key, "server": server, "run_id": run_id})


def _append(directory: Path, line: dict[str, Any]) -> None:
    try:
        append_lines(directory / _NAME, [line])
    except OSError as error:  # a full disk: it is known here all the same, and asked for again after a restart
        _log.warning("%s cannot be written: %s", directory / _NAME, error)
