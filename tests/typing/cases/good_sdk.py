"""An Sdk made from a package's TELEMETRY takes that package's flows."""

from __future__ import annotations

from typing import assert_type

from every_type_telemetry import MixedFlow
from nostromo_telemetry import TELEMETRY, AnyFlow, LogsFlow, VoltageFlow
from sift_runtime import Sdk
from sift_runtime.generated import Telemetry

assert_type(TELEMETRY, Telemetry[AnyFlow])

with Sdk(TELEMETRY, uri="http://localhost:50051", api_key="key") as sdk:
    assert_type(sdk, Sdk[AnyFlow])
    sdk.track(LogsFlow(log="text"))
    sdk.track(VoltageFlow(voltage=5), timestamp=1_700_000_000_000_000_000)


def fly(sdk: Sdk[AnyFlow], flow: AnyFlow) -> None:
    """Annotated as a user would."""
    sdk.track(flow)


fly(sdk, LogsFlow(log="text"))
mixed = MixedFlow(a_double=1.0, a_float=2.0, x=3.0, z=4.0, note="")
