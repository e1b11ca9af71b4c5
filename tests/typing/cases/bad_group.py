"""An Sdk of a group takes no flow of another package of the group."""

from __future__ import annotations

from typing import TypedDict

import every_type_telemetry as every_type
import nostromo_telemetry as nostromo
from sift_runtime import Sdk, SdkGroup


class Members(TypedDict):
    """The names of one's own."""

    vehicle: Sdk[nostromo.AnyFlow]
    stand: Sdk[every_type.AnyFlow]


group = SdkGroup(uri="http://localhost:50051", api_key="key")
members: Members = {
    "vehicle": Sdk(nostromo.TELEMETRY, group=group),
    "stand": Sdk(nostromo.TELEMETRY, group=group),  # error: mypy=arg-type pyright=reportAssignmentType
}
members["vehicel"]  # error: mypy=typeddict-item pyright=reportGeneralTypeIssues
with members["vehicle"] as sdk:
    sdk.track(every_type.OptionalFlow())  # error: mypy=arg-type pyright=reportArgumentType
with group[nostromo.TELEMETRY] as other:
    other.track(every_type.OptionalFlow())  # error: mypy=arg-type pyright=reportArgumentType
group["vehicle"]  # error: mypy=index pyright=reportArgumentType
Sdk(nostromo.TELEMETRY, group="vehicle")  # error: mypy=arg-type pyright=reportArgumentType
