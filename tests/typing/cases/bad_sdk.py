"""An Sdk takes no flow of another package, and nothing that is no flow."""

from __future__ import annotations

import every_type_telemetry as every_type
import nostromo_telemetry as nostromo
from sift_runtime import Sdk

sdk = Sdk(nostromo.TELEMETRY, uri="http://localhost:50051", api_key="key")
other = Sdk(every_type.TELEMETRY, uri="http://localhost:50051", api_key="key")

sdk.track(every_type.OptionalFlow())  # error: mypy=arg-type pyright=reportArgumentType
other.track(nostromo.LogsFlow(log="x"))  # error: mypy=arg-type pyright=reportArgumentType
sdk.track({"log": "x"})  # error: mypy=arg-type pyright=reportArgumentType
sdk.track(nostromo.LogsFlow)  # error: mypy=arg-type pyright=reportArgumentType
sdk.track(nostromo.LogsFlow(log="x"), "2024-01-01")  # error: mypy=arg-type pyright=reportArgumentType
sdk.track()  # error: mypy=call-arg pyright=reportCallIssue


def fly(sdk: Sdk[nostromo.AnyFlow]) -> None:
    """Annotated as a user would."""


fly(other)  # error: mypy=arg-type pyright=reportArgumentType
