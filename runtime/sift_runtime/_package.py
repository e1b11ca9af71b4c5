"""What is tracked: the flows of a generated package, and those that were added at run time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sift_runtime._errors import SettingsError
from sift_runtime._flow import Flow
from sift_runtime._generation import Generation
from sift_runtime._origin import Origin
from sift_runtime._registration import flow_config, largest_flow, registration_of, schema_of, too_large
from sift_runtime._schema import Telemetry
from sift_runtime.messages.ingestion_configs_pb2 import CreateIngestionConfigRequest

__all__ = ["Package"]


class Package:
    """Each set of flows that there has been, by the schema that stands for it; it only grows."""

    def __init__(self, telemetry: Telemetry[Any] | None) -> None:
        """Begin with a package's flows, or without any."""
        self.lock = threading.RLock()
        """Held while flows are added."""
        self.telemetry = telemetry
        self.registration = None if telemetry is None else registration_of(telemetry)
        self.schema = "" if self.registration is None else schema_of(self.registration)
        self._by_schema = {} if telemetry is None else {self.schema: telemetry}

    def origin(self, run_id: str) -> Origin:
        """Return what the first records are made for."""
        client_key = "" if self.telemetry is None else self.telemetry.client_key
        return Origin(client_key=client_key, schema=self.schema, run_id=run_id)

    def generation(self, origin: Origin, number_of: Callable[[str], int] | None = None) -> Generation:
        """Return what records of this origin are made with; `number_of` numbers flows, which else go by their order."""
        telemetry = self._by_schema.get(origin.schema)
        return Generation(origin, {}, {}, ()) if telemetry is None else Generation.of(telemetry, origin, number_of)

    def extend(self, flows: tuple[type[Flow], ...]) -> Telemetry[Any]:
        """Add flows; returns all that there are now. Raises SettingsError for a flow that no request can carry."""
        assert self.telemetry is not None and self.registration is not None, "whoever creates flows has a package"  # noqa: S101, PT018
        # A copy of what is there: it is compared with, and made into bytes, elsewhere.
        registration = CreateIngestionConfigRequest()
        registration.CopyFrom(self.registration)
        added = [flow_config(flow.schema()) for flow in flows]
        limit = largest_flow(registration)
        for config in added:
            if config.ByteSize() > limit:
                raise SettingsError(too_large(config, limit))
        registration.flows.extend(added)
        self.telemetry = telemetry = replace(self.telemetry, flows=(*self.telemetry.flows, *flows))
        self.registration = registration
        self.schema = schema_of(registration)
        self._by_schema[self.schema] = telemetry
        return telemetry
