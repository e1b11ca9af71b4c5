"""The Sdks of a group are typed each as its package: by the package, and by names of one's own."""

from __future__ import annotations

from typing import TypedDict, assert_type

import every_type_telemetry as every_type
import nostromo_telemetry as nostromo
from sift_runtime import Sdk, SdkGroup


class Members(TypedDict):
    """The names of one's own."""

    vehicle: Sdk[nostromo.AnyFlow]
    stand: Sdk[every_type.AnyFlow]


with SdkGroup(uri="http://localhost:50051", api_key="key") as group:
    members: Members = {
        "vehicle": Sdk(nostromo.TELEMETRY, group=group, spool="spool"),
        "stand": Sdk(every_type.TELEMETRY, group=group),
    }
    with members["vehicle"] as sdk:
        assert_type(sdk, Sdk[nostromo.AnyFlow])
        sdk.track(nostromo.LogsFlow(log="text"))
    with group[every_type.TELEMETRY] as other:
        assert_type(other, Sdk[every_type.AnyFlow])
        other.track(every_type.OptionalFlow())
