"""Flights that end in uncommon ways: `flight.py WAY URI`; each way is a function of this name."""

from __future__ import annotations

import gc
import logging
import os
import sys

from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, VoltageFlow

# An interval that never ends: only a close at exit sends what is tracked.
KEPT = BatchLimits(interval=3600.0)
CHILD_SECONDS = float(os.environ.get("FLIGHT_CHILD_SECONDS", "30"))


def start(uri: str) -> Sdk[AnyFlow]:
    return Sdk(TELEMETRY, uri=uri, api_key="key", limits=KEPT)


def report(status: int, sdk: Sdk[AnyFlow]) -> None:
    sys.stdout.write(f"child {os.waitstatus_to_exitcode(status)} parent {sdk.stats.acknowledged}")


def forgotten(uri: str) -> None:
    """Let go of the Sdk before the end, as a function does that has it in a local variable."""
    sdk = start(uri)
    for number in range(100):
        sdk.track(VoltageFlow(voltage=number))
    del sdk
    gc.collect()


def uncaught(uri: str) -> None:
    """End by an exception."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    raise RuntimeError("the flight has ended")


def inner_exit(uri: str) -> None:
    """End by sys.exit in the middle."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    sys.exit(3)


def forked(uri: str) -> None:
    """Track before and after a fork, in both processes."""
    with start(uri) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        sdk.connect(30)
        sdk.track(VoltageFlow(voltage=2))  # still queued while forking
        child = os.fork()
        if child == 0:
            assert sdk.stats.tracked == 0
            sdk.track(VoltageFlow(voltage=10))
            os._exit(0 if sdk.close(CHILD_SECONDS).acknowledged_all else 1)
        _, status = os.waitpid(child, 0)
        sdk.track(VoltageFlow(voltage=3))
    report(status, sdk)


def forked_idle(uri: str) -> None:
    """Fork a child that never tracks and ends in the common way, its exit handlers included."""
    with start(uri) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        sdk.connect(30)
        child = os.fork()
        if child == 0:
            sys.exit(0)
        _, status = os.waitpid(child, 0)
    report(status, sdk)


def main() -> None:
    """Fly the way that is named."""
    logging.basicConfig(format="%(levelname)s %(message)s")
    ways = {way.__name__: way for way in (forgotten, uncaught, inner_exit, forked, forked_idle)}
    ways[sys.argv[1]](sys.argv[2])


if __name__ == "__main__":
    main()
