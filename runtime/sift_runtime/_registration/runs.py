"""Runs: asked for at any time, found or created once the server can be reached."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from grpc import StatusCode

from sift_runtime._errors import RegistrationError, RequestError
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime.messages import runs_pb2 as messages

__all__ = ["RunRequest", "find_or_create"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run by name: the one that has it, or a new one.

    `client_key` makes it the same run whoever creates it, and however often: this process, or the one that finds what
    it has left.
    """

    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    force_new: bool = False
    client_key: str

    @classmethod
    def of(cls, name: str, *, description: str = "", tags: tuple[str, ...] = (), force_new: bool = False) -> Self:
        """Ask for a run, under a key that no other has."""
        key = f"sift-codegen-{secrets.token_hex(16)}"
        return cls(name=name, description=description, tags=tags, force_new=force_new, client_key=key)

    def as_dict(self) -> dict[str, Any]:
        """Return what a segment's header keeps of it."""
        return {**asdict(self), "tags": list(self.tags)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Read what a segment's header has kept."""
        return cls(**{**kept, "tags": tuple(kept["tags"])})


def find_or_create(run: RunRequest, control: ControlPlane, organization_id: str) -> str:
    """Return the run's id; raises RequestError where a call fails, RegistrationError for an answer without an id."""
    found = control.find_run("client_key", run.client_key)
    if found is None and not run.force_new:
        found = control.find_run("name", run.name)
    if found is None:
        found = _create(run, control, organization_id)
    if not found.run_id:  # flows without one would belong to no run, under an OK
        raise RegistrationError(f"the server gave the run {run.name!r} an empty id")
    return found.run_id


def _create(run: RunRequest, control: ControlPlane, organization_id: str) -> messages.Run:
    request = messages.CreateRunRequest(
        name=run.name,
        description=run.description,
        tags=run.tags,
        client_key=run.client_key,
        organization_id=organization_id,
    )
    try:
        return control.create_run(request)
    except RequestError as error:
        found = control.find_run("client_key", run.client_key) if error.code is StatusCode.ALREADY_EXISTS else None
        if found is None:
            raise
        return found
