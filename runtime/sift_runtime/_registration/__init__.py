"""What only the server knows: the ids of ingestion configs and runs, found or made for what was tracked."""

from __future__ import annotations

from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime._registration.drift import flow_config, wire_drift
from sift_runtime._registration.registrar import Registrar, RegistrationPolicy, largest_flow, registration_of, too_large
from sift_runtime._registration.registry import Identity, Registry, UnknownOriginError, schema_of
from sift_runtime._registration.rule_pusher import RulePusher, RuleReport
from sift_runtime._registration.run_registry import RunRegistry
from sift_runtime._registration.runs import RunMetadata, RunRequest, RunStop

__all__ = [
    "ControlPlane",
    "Identity",
    "Registrar",
    "RegistrationPolicy",
    "Registry",
    "RulePusher",
    "RuleReport",
    "RunMetadata",
    "RunRegistry",
    "RunRequest",
    "RunStop",
    "UnknownOriginError",
    "flow_config",
    "largest_flow",
    "registration_of",
    "schema_of",
    "too_large",
    "wire_drift",
]
