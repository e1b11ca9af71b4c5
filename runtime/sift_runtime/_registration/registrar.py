"""Registering a package's flows: find or create the ingestion config, compare what is there, add what is not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

from grpc import StatusCode

from sift_runtime._errors import RegistrationError, RequestError
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime._registration.drift import documentation_drift, flow_config, wire_drift
from sift_runtime._schema import Telemetry
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["Registrar", "registration_of"]

_log: Final = logging.getLogger("sift_runtime")
_MEND: Final = "generate the package again from the config that is registered, or register under another client key"
_LARGEST_REQUEST: Final = 3 * 1024 * 1024  # bytes; servers take 4 MiB with all that stands around the flows
_FLOW_OVERHEAD: Final = 8  # bytes of tag and length


def registration_of(telemetry: Telemetry[Any]) -> messages.CreateIngestionConfigRequest:
    """Return what registers all flows of a package."""
    return messages.CreateIngestionConfigRequest(
        asset_name=telemetry.asset_name,
        client_key=telemetry.client_key,
        organization_id=telemetry.organization_id,
        flows=[flow_config(flow.schema()) for flow in telemetry.flows],
    )


@dataclass(frozen=True, slots=True)
class Registrar:
    """Makes sure that the server knows every flow as the package does."""

    wanted: messages.CreateIngestionConfigRequest
    control: ControlPlane

    def register(self) -> str:
        """Return the ingestion config's id.

        Raises RegistrationError where the server has another idea of a flow's bytes, RequestError where a call fails.
        Differences of units and descriptions are logged as warnings.
        """
        flows = list(self.wanted.flows)
        requests = _in_requests(flows)
        config = self.control.find(self.wanted.client_key)
        if config is None:
            config = self._create(requests[0])
            if config is not None and len(requests) == 1:
                return self._id_of(config)
            config = config or self._created_by_another()
        self._reconcile(self._id_of(config), flows)
        return config.ingestion_config_id

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

    def _reconcile(self, config_id: str, flows: list[messages.FlowConfig]) -> None:
        """Compare with what is registered; add flows that are not."""
        missing = self._compare(config_id, flows)
        try:
            for request in _in_requests(missing) if missing else ():
                self.control.create_flows(config_id, request)
        except RequestError as error:
            if error.code is not StatusCode.ALREADY_EXISTS:
                raise
            still_missing = self._compare(config_id, flows)  # another process has just added some
            for flow in still_missing:
                self.control.create_flows(config_id, [flow])

    def _compare(self, config_id: str, flows: list[messages.FlowConfig]) -> list[messages.FlowConfig]:
        registered = {flow.name: flow for flow in self.control.flows(config_id)}
        known = [(flow, registered[flow.name]) for flow in flows if flow.name in registered]
        drift = [difference for ours, theirs in known for difference in wire_drift(ours, theirs)]
        if drift:
            key = self.wanted.client_key
            raise RegistrationError(f"client key {key!r}: " + "; ".join(drift) + f"; {_MEND}")
        for ours, theirs in known:
            for difference in documentation_drift(ours, theirs):
                _log.warning("client key %r: %s", self.wanted.client_key, difference)
        return [flow for flow in flows if flow.name not in registered]


def _in_requests(flows: list[messages.FlowConfig]) -> list[list[messages.FlowConfig]]:
    """Return the flows in groups that a request can carry; at least one group, which may be empty.

    Raises RegistrationError for a flow that no request can carry.
    """
    groups: list[list[messages.FlowConfig]] = [[]]
    size = 0
    for flow in flows:
        own = flow.ByteSize()
        if own > _LARGEST_REQUEST:
            limit = f"Sift accepts requests of up to 4 MiB, of which {_LARGEST_REQUEST} are for flows"
            raise RegistrationError(f"flow {flow.name!r} takes {own} bytes to register; {limit}: split the flow")
        if size + own > _LARGEST_REQUEST and groups[-1]:
            groups.append([])
            size = 0
        groups[-1].append(flow)
        size += own + _FLOW_OVERHEAD
    return groups
