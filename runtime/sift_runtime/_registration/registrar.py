"""Registering a package's flows: find or create the ingestion config, compare what is there, add what is not."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from grpc import StatusCode

from sift_runtime._errors import RegistrationError, RequestError
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime._registration.drift import documentation_drift, flow_config, wire_drift
from sift_runtime._schema import Telemetry
from sift_runtime._settings import OnDrift
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["Registrar", "RegistrationPolicy", "largest_flow", "registration_of", "too_large"]

_log: Final = logging.getLogger("sift_runtime")
_MEND: Final = "generate the package again from the config that is registered, or register under another client key"
_LARGEST_REQUEST: Final = 4 * 1024 * 1024  # bytes that servers take
_FLOW_OVERHEAD: Final = 8  # bytes of tag and length
_IDS: Final = 256  # bytes, at most, of the config's id, which stands around flows that are added to it
_LARGEST_AT_ONCE: Final = 16 * 1024 * 1024  # bytes of flows; a start that sends more would wait for it
_NAMES_AT_ONCE: Final = 100  # in the filter of one request


def registration_of(telemetry: Telemetry[Any]) -> messages.CreateIngestionConfigRequest:
    """Return what registers all flows of a package."""
    return messages.CreateIngestionConfigRequest(
        asset_name=telemetry.asset_name,
        client_key=telemetry.client_key,
        organization_id=telemetry.organization_id,
        flows=[flow_config(flow.schema()) for flow in telemetry.flows],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPolicy:
    """What to do where the server has another idea of a flow, and when flows are registered.

    `lazy` registers a flow when it is first sent, and only the ingestion config at the start.
    """

    on_drift: OnDrift = "error"
    lazy: bool = False

    def is_lazy(self, wanted: messages.CreateIngestionConfigRequest) -> bool:
        """Whether these flows are registered as they are used: asked for, or too many to wait for."""
        return self.lazy or wanted.ByteSize() > _LARGEST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Registrar:
    """Makes sure that the server knows flows as the package does."""

    wanted: messages.CreateIngestionConfigRequest
    control: ControlPlane
    on_drift: OnDrift = "error"

    def register(self) -> str:
        """Register all flows; returns the ingestion config's id.

        Raises RegistrationError where the server has another idea of a flow's bytes, RequestError where a call fails.
        Differences of units and descriptions are logged as warnings.
        """
        return self._register(list(self.wanted.flows))

    def register_config(self) -> str:
        """Register the config and none of its flows; returns its id. Raises the same."""
        return self._register([])

    def register_flows(self, config_id: str, names: Collection[str]) -> None:
        """Register those flows of this config that have these names. Raises the same."""
        flows = [flow for flow in self.wanted.flows if flow.name in names]
        for start in range(0, len(flows), _NAMES_AT_ONCE):
            self._reconcile(config_id, flows[start : start + _NAMES_AT_ONCE], by_name=True)

    def _register(self, flows: list[messages.FlowConfig]) -> str:
        requests = self._in_requests(flows)
        config = self.control.find(self.wanted.client_key)
        if config is None:
            config = self._create(requests[0])
            if config is not None and len(requests) == 1:
                return self._id_of(config)
            config = config or self._created_by_another()
        config_id = self._id_of(config)
        self._compare_asset(config)
        if flows:
            self._reconcile(config_id, flows)
        return config_id

    def _id_of(self, config: messages.IngestionConfig) -> str:
        if not config.ingestion_config_id:  # flows without one would be thrown away, under an OK
            key = self.wanted.client_key
            raise RegistrationError(f"the server gave the ingestion config of client key {key!r} an empty id")
        return config.ingestion_config_id

    def _create(self, flows: list[messages.FlowConfig]) -> messages.IngestionConfig | None:
        """Create the config; None if another process has just done so."""
        request = messages.CreateIngestionConfigRequest(
            asset_name=self.wanted.asset_name,
            client_key=self.wanted.client_key,
            organization_id=self.wanted.organization_id,
            flows=flows,
        )
        try:
            return self.control.create(request)
        except RequestError as error:
            if error.code is not StatusCode.ALREADY_EXISTS:
                raise
            return None

    def _created_by_another(self) -> messages.IngestionConfig:
        config = self.control.find(self.wanted.client_key)
        if config is None:
            key = self.wanted.client_key
            raise RegistrationError(
                f"the server says that client key {key!r} exists, but does not show it to this api_key; "
                "use a key of the same organization, or another client key"
            )
        return config

    def _reconcile(self, config_id: str, flows: list[messages.FlowConfig], *, by_name: bool = False) -> None:
        """Compare with what is registered, all of it or what has the same names; add flows that are not."""
        names = [flow.name for flow in flows] if by_name else None
        missing = self._compare(flows, self.control.flows(config_id, names))
        try:
            for request in self._in_requests(missing) if missing else ():
                self.control.create_flows(config_id, request)
        except RequestError as error:
            if error.code is not StatusCode.ALREADY_EXISTS:
                raise
            # Another process has just added some.
            still_missing = self._compare(flows, self.control.flows(config_id, names))
            for flow in still_missing:
                self._create_or_compare(config_id, flow)

    def _create_or_compare(self, config_id: str, flow: messages.FlowConfig) -> None:
        try:
            self.control.create_flows(config_id, [flow])
        except RequestError as error:
            if error.code is not StatusCode.ALREADY_EXISTS:
                raise
            self._compare([flow], self.control.flows(config_id, [flow.name]))

    def _compare(
        self, flows: list[messages.FlowConfig], there: Iterable[messages.FlowConfig]
    ) -> list[messages.FlowConfig]:
        """Return the flows that are not registered; see register() for what it raises and logs."""
        registered = {flow.name: flow for flow in there}
        known = [(flow, registered[flow.name]) for flow in flows if flow.name in registered]
        drifted = {ours.name: list(wire_drift(ours, theirs)) for ours, theirs in known}
        self._refuse([difference for differences in drifted.values() for difference in differences])
        for ours, theirs in known:
            for difference in () if drifted[ours.name] else documentation_drift(ours, theirs):
                _log.warning("client key %r: %s", self.wanted.client_key, difference)
        return [flow for flow in flows if flow.name not in registered]

    def _compare_asset(self, config: messages.IngestionConfig) -> None:
        """Compare whose config it is: one client key for two assets would have one's readings stand under the other."""
        asset = self.control.asset(config.asset_id) if config.asset_id else None
        if asset is not None and asset.name not in ("", self.wanted.asset_name):
            self._refuse([f"asset {self.wanted.asset_name!r} in the package; {asset.name!r} on the server"])

    def _refuse(self, drift: list[str]) -> None:
        """Raise RegistrationError for drift, or log it where that is the policy."""
        if drift and self.on_drift == "error":
            raise RegistrationError(f"client key {self.wanted.client_key!r}: " + "; ".join(drift) + f"; {_MEND}")
        for difference in drift:
            warning = "client key %r: %s; values are sent all the same, and may come to stand in wrong channels (%s)"
            _log.warning(warning, self.wanted.client_key, difference, "on_drift='warn'")

    def _in_requests(self, flows: list[messages.FlowConfig]) -> list[list[messages.FlowConfig]]:
        """Return the flows in groups that a request can carry; at least one group, which may be empty.

        Raises RegistrationError for a flow that no request can carry.
        """
        limit = largest_flow(self.wanted)
        groups: list[list[messages.FlowConfig]] = [[]]
        size = 0
        for flow in flows:
            own = flow.ByteSize()
            if own > limit:
                raise RegistrationError(too_large(flow, limit))
            if size + own > limit and groups[-1]:
                groups.append([])
                size = 0
            groups[-1].append(flow)
            size += own + _FLOW_OVERHEAD
        return groups


def largest_flow(wanted: messages.CreateIngestionConfigRequest) -> int:
    """Return how many bytes the flows of one request may take."""
    around = sum(len(text.encode()) for text in (wanted.asset_name, wanted.client_key, wanted.organization_id))
    return _LARGEST_REQUEST - around - _IDS


def too_large(flow: messages.FlowConfig, limit: int) -> str:
    """Say that no request can carry a flow."""
    sift = f"Sift accepts requests of up to 4 MiB, of which {limit} are for flows"
    return f"flow {flow.name!r} takes {flow.ByteSize()} bytes to register; {sift}: split the flow"
