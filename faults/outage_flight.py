"""A flight through an outage: tracks, tells how its memory grew, and drains when it is told to."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

from sift_runtime import Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, Gpio, ReadingsFlow, VehicleState

__all__: list[str] = []


def main() -> None:
    """Carry out `URI SPOOL COUNT`; answers in lines of JSON."""
    logging.disable(logging.CRITICAL)
    uri, spool, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with Sdk(TELEMETRY, uri=uri, api_key="key", spool=spool, spool_bytes=4 * 1024**3) as sdk:
        gpio = Gpio(_12v=1, charge=2, led=3, heater=0)
        flow = ReadingsFlow(mainmotor_velocity=0, voltage=0, vehicle_state=VehicleState.Stopped, gpio=gpio)
        warm = count // 20
        _track(sdk, flow, range(warm))
        before = _resident()
        started = time.perf_counter()
        _track(sdk, flow, range(warm, count))
        rate = (count - warm) / (time.perf_counter() - started)
        disk = sum(file.stat().st_size for file in Path(spool).rglob("*") if file.is_file())
        _tell({"tracked_per_second": rate, "growth": _resident() - before, "disk": disk, "left": sdk.stats.in_spool})
        sys.stdin.readline()
        started, waiting = time.perf_counter(), sdk.stats.in_spool
        sdk.flush(300)
        seconds = time.perf_counter() - started
        stats = sdk.stats
        _tell(
            {
                "drained_per_second": waiting / seconds,
                "acknowledged": stats.acknowledged,
                "left": stats.in_spool,
                "unaccounted": stats.unaccounted,
                "growth": _resident() - before,
            }
        )


def _track(sdk: Sdk[AnyFlow], flow: ReadingsFlow, numbers: range) -> None:
    for number in numbers:
        flow.mainmotor_velocity = number / 8
        flow.voltage = number
        sdk.track(flow)


def _resident() -> int:
    """Return the bytes of memory that this process takes, mapped files included."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024


def _tell(facts: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
