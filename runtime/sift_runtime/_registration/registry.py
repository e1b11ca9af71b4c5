"""The ids that the server has given: asked for once, kept for the next process, forgotten when the server has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sift_runtime._errors import SiftRuntimeError
from sift_runtime._origin import Origin
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime._registration.registrar import Registrar, RegistrationPolicy
from sift_runtime._registration.run_registry import RunRegistry
from sift_runtime._registration.saved import RegistrationFile, SavedRegistrations, read_registrations
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["Identity", "Registry", "UnknownOriginError", "schema_of"]

_DEFAULT_POLICY: Final = RegistrationPolicy()


class UnknownOriginError(SiftRuntimeError):
    """Nothing is left that says how to register what records were made for."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the server calls the config and the run of some records; no run has an empty id."""

    config_id: str
    run_id: str


class Registry:
    """Ids by what they were asked for. Used by one thread at a time."""

    def __init__(
        self,
        own: messages.CreateIngestionConfigRequest | None,
        server: str,
        directories: Sequence[Path] = (),
        policy: RegistrationPolicy = _DEFAULT_POLICY,
    ) -> None:
        """Begin with what the spool's directories say; keeps `own` in the first of them, if there are any."""
        self._policy = policy
        self._flows: dict[str, set[str]] = {}
        """Of each schema that is registered as it is used, the flows that are registered."""
        self.schema = "" if own is None else schema_of(own)
        """Stands for the flows of this process's own package; empty where it has none."""
        self._confirmed: set[str] = set()
        self._server = server
        self._file = RegistrationFile(directories[0] if directories else None)
        self._saved = SavedRegistrations()
        kept: frozenset[str] = frozenset()
        for directory in reversed(directories):  # what our own says counts, and those of others may go
            kept = read_registrations(directory, self._saved)
        organization_id = "" if own is None else own.organization_id
        self.runs = RunRegistry(self._saved, self._file, server, organization_id)
        if own is None:
            return
        self._saved.requests[self.schema] = own
        if self.schema not in kept:
            self._file.keep_registration(self.schema, own)

    def extend(self, own: messages.CreateIngestionConfigRequest | None) -> None:
        """Register this from now on, which has all that was to be registered before; of the same client key."""
        if own is None:
            return
        schema = schema_of(own)
        self._saved.requests[schema] = own
        self._file.keep_registration(schema, own)
        self._flows[schema] = self._flows.get(self.schema, set()).copy()
        self.schema = schema

    def own_config_id(self) -> str:
        """Return the id of the own config, empty where it is not known, or may be of flows that are not as ours are."""
        return self._known_id(self.schema)

    def confirm(self, control: ControlPlane) -> str:
        """Register the own package; returns the config's id. Raises RegistrationError and RequestError."""
        return self._register(self.schema, control)

    def is_confirmed(self, schema: str) -> bool:
        """Tell whether the server has told this process the config's id, or an earlier one only."""
        return schema in self._confirmed

    def identify(self, origin: Origin, control: ControlPlane, flows: Callable[[], Collection[str]]) -> str:
        """Return the config's id for records of this origin; asks the server if it is not known.

        `flows` names the flows of these records, which are registered now if they are registered as they are used.
        Raises UnknownOriginError, RegistrationError where the server has another idea of the flows, RequestError.
        """
        config_id = self._config_id(origin, control)
        self._register_used(origin.schema, config_id, control, flows)
        return config_id

    def forget_config(self, origin: Origin) -> None:
        """Take it that the server does not know this config any more."""
        self._set_config_id(origin.schema, "")
        self._confirmed.discard(origin.schema)
        self._flows.pop(origin.schema, None)

    def _config_id(self, origin: Origin, control: ControlPlane) -> str:
        known = self._known_id(origin.schema)
        if known:
            return known
        if origin.schema in self._saved.requests:
            return self._register(origin.schema, control)
        if origin.config_id:  # the registration is lost, but not what it had come to
            return origin.config_id
        raise UnknownOriginError(f"client key {origin.client_key!r}: the registration of these flows is lost")

    def _register(self, schema: str, control: ControlPlane) -> str:
        registrar = self._registrar(schema, control)
        is_lazy = self._policy.is_lazy(registrar.wanted)
        config_id = registrar.register_config() if is_lazy else registrar.register()
        self._set_config_id(schema, config_id)
        self._confirmed.add(schema)
        return config_id

    def register_flows(self, control: ControlPlane, names: Collection[str]) -> None:
        """Register flows of the own package now that are registered as they are used; all others are already."""
        self._register_used(self.schema, self.own_config_id(), control, lambda: names)

    def _register_used(
        self, schema: str, config_id: str, control: ControlPlane, flows: Callable[[], Collection[str]]
    ) -> None:
        wanted = self._saved.requests.get(schema)
        if wanted is None or not self._policy.is_lazy(wanted):
            return
        known = self._flows.setdefault(schema, set())
        missing = set(flows()) - known
        if missing:
            self._registrar(schema, control).register_flows(config_id, missing)
            known |= missing

    def _registrar(self, schema: str, control: ControlPlane) -> Registrar:
        return Registrar(self._saved.requests[schema], control, self._policy.on_drift)

    def _set_config_id(self, schema: str, config_id: str) -> None:
        on_drift = self._policy.on_drift
        if self._saved.keep_config_id(self._server, schema, config_id, is_checked=on_drift == "error"):
            self._file.keep_config_id(self._server, schema, config_id, on_drift)

    def _known_id(self, schema: str) -> str:
        """Return a config's id as far as it is known.

        One that was accepted whatever the flows were like is asked for anew by a process that minds; one without a
        package of its own sends what others have left as they would have sent it.
        """
        key = self._server, schema
        if self.schema and self._policy.on_drift == "error" and key in self._saved.unchecked:
            return ""
        return self._saved.config_ids.get(key, "")


def schema_of(request: messages.CreateIngestionConfigRequest) -> str:
    """Return a short text that stands for a registration: the same for the same flows under the same client key."""
    return blake2b(request.SerializeToString(deterministic=True), digest_size=8).hexdigest()
