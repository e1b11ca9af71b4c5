"""Runs: asked for at any time, found or created, and stopped, once the server can be reached."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeAlias

from grpc import StatusCode

from sift_runtime._errors import RegistrationError, RequestError
from sift_runtime._origin import Origin
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime.messages import metadata_pb2 as metadata
from sift_runtime.messages import runs_pb2 as messages

__all__ = ["RunMetadata", "RunRequest", "RunStop", "find_or_create"]

RunMetadata: TypeAlias = Mapping[str, str | float | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run by name: the one that has it, or a new one; with a client key of the user's, the one that has that.

    `client_key` makes it the same run whoever creates it, and however often: this process, or the one that finds what
    it has left.
    """

    name: str
    client_key: str
    is_own_key: bool = False
    """Whether the client key is the user's, and not one that we have made up."""
    force_new: bool = False
    description: str = ""
    tags: tuple[str, ...] = ()
    metadata: RunMetadata = field(default_factory=dict)

    @classmethod
    def new_key(cls) -> str:
        """Make up a client key that no other run has."""
        return f"sift-codegen-{secrets.token_hex(16)}"

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, for the file of registrations."""
        return {**asdict(self), "tags": list(self.tags), "metadata": dict(self.metadata)}

    def essentials(self) -> dict[str, Any]:
        """Return what a segment's header keeps of it: enough to find or create the run, whatever else is lost."""
        kept = {"name": self.name, "client_key": self.client_key}
        return kept | {flag: True for flag in ("is_own_key", "force_new") if getattr(self, flag)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Read what as_dict() or essentials() gave; a later version may have said more."""
        known = {key: value for key, value in kept.items() if key in cls.__dataclass_fields__}
        return cls(**{**known, "tags": tuple(kept.get("tags", ()))})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStop:
    """A run that is to be stopped, once all that was tracked for it has been settled."""

    token: str
    run_id: str
    run: Mapping[str, Any] | None

    @classmethod
    def of(cls, origin: Origin) -> Self:
        """Have the run of this origin stopped."""
        return cls(token=secrets.token_hex(8), run_id=origin.run_id, run=origin.run)

    @property
    def origin(self) -> Origin:
        """What is tracked for the run has an origin like this, or one that says of the run what was known before."""
        return Origin(client_key="", run_id=self.run_id, run=self.run)


def find_or_create(run: RunRequest, control: ControlPlane, organization_id: str) -> str:
    """Return the run's id; raises RequestError where a call fails, RegistrationError for an answer without an id."""
    found = control.find_run("client_key", run.client_key)
    if found is None and not run.force_new and not run.is_own_key:
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
        metadata=[_metadata_value(name, value) for name, value in run.metadata.items()],
    )
    try:
        return control.create_run(request)
    except RequestError as error:
        found = control.find_run("client_key", run.client_key) if error.code is StatusCode.ALREADY_EXISTS else None
        if found is None:
            raise
        return found


def _metadata_value(name: str, value: str | float | bool) -> metadata.MetadataValue:
    """Return one entry as Sift's own clients send it; a bool is an int to Python, and is asked for first."""
    if isinstance(value, bool):
        key = metadata.MetadataKey(name=name, type=metadata.METADATA_KEY_TYPE_BOOLEAN)
        return metadata.MetadataValue(key=key, boolean_value=value)
    if isinstance(value, str):
        key = metadata.MetadataKey(name=name, type=metadata.METADATA_KEY_TYPE_STRING)
        return metadata.MetadataValue(key=key, string_value=value)
    key = metadata.MetadataKey(name=name, type=metadata.METADATA_KEY_TYPE_NUMBER)
    return metadata.MetadataValue(key=key, number_value=value)
