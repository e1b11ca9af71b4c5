"""What flies: encodes the flows of a generated package, ships them to Sift and accounts for every one.

with Sdk(TELEMETRY, uri="http://localhost:50051", api_key="…") as sdk:
    sdk.track(ReadingsFlow(velocity=10.0, voltage=5))
"""

from __future__ import annotations

from sift_runtime._columns import Columns, ElementColumns
from sift_runtime._errors import (
    ConnectTimeoutError,
    FlowExistsError,
    GeneratedPackageError,
    MissingExtraError,
    RegistrationError,
    RequestError,
    RuleError,
    SdkClosedError,
    SerializationError,
    SettingsError,
    SiftRuntimeError,
    SpoolFullError,
    TimestampError,
    TrackError,
    UnknownFlowError,
)
from sift_runtime._flow import Flow
from sift_runtime._network_options import Keepalive, NetworkOptions
from sift_runtime._push_rules import push_rules
from sift_runtime._registered_config import RegisteredConfig, read_ingestion_config
from sift_runtime._registration import RuleReport
from sift_runtime._runtime_flows import ChannelDetails, flow_class
from sift_runtime._schema import (
    BitFieldElement,
    Channel,
    DataType,
    EnumType,
    FlowSchema,
    Rule,
    Telemetry,
)
from sift_runtime._sdk import Sdk
from sift_runtime._sdk_group import SdkGroup
from sift_runtime._settings import BatchLimits, Block, WhenFull
from sift_runtime._state_changes import StateChange
from sift_runtime._stats import FlowStats, FlushReport, State, Stats
from sift_runtime._untyped_tracking import FlowHandle
from sift_runtime._values import ChannelValue
from sift_runtime._version import __version__

__all__ = [
    "BatchLimits",
    "BitFieldElement",
    "Block",
    "Channel",
    "ChannelDetails",
    "ChannelValue",
    "Columns",
    "ConnectTimeoutError",
    "DataType",
    "ElementColumns",
    "EnumType",
    "Flow",
    "FlowExistsError",
    "FlowHandle",
    "FlowSchema",
    "FlowStats",
    "FlushReport",
    "GeneratedPackageError",
    "Keepalive",
    "MissingExtraError",
    "NetworkOptions",
    "RegisteredConfig",
    "RegistrationError",
    "RequestError",
    "Rule",
    "RuleError",
    "RuleReport",
    "Sdk",
    "SdkClosedError",
    "SdkGroup",
    "SerializationError",
    "SettingsError",
    "SiftRuntimeError",
    "SpoolFullError",
    "State",
    "StateChange",
    "Stats",
    "Telemetry",
    "TimestampError",
    "TrackError",
    "UnknownFlowError",
    "WhenFull",
    "__version__",
    "flow_class",
    "push_rules",
    "read_ingestion_config",
]
