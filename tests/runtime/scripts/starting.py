"""One of many processes that start at once: says that it is ready, waits for a line, registers, sends its number."""

from __future__ import annotations

import sys

from sift_runtime import Sdk
from vehicle_telemetry import TELEMETRY, VoltageFlow


def main(uri: str, number: int) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with Sdk(TELEMETRY, uri=uri, api_key="key", lazy=number % 2 == 1) as sdk:
        sdk.track(VoltageFlow(voltage=number))
        sdk.connect(60)
        assert sdk.flush(60).acknowledged_all


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
