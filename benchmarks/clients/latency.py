"""How long one call of track() takes, in nanoseconds, with gc on: now and then, and while it is called at full rate."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from statistics import median
from typing import Any, Final

from benchmarks.clients.flight import Flight, open_sdk
from benchmarks.clients.job import Answer, Job, answer
from benchmarks.clients.meter import Meter

__all__ = ["measure"]

_IDLE_CALLS: Final = 2000
_PAUSE_SECONDS: Final = 0.0005


def main() -> None:
    """Measure the job of the command line."""
    answer(measure)


def measure(job: Job) -> Answer:
    """Return the percentiles of both, and the clock's own cost, which is part of every figure."""
    flight = Flight.of(job)
    flow = flight.code.construct(flight.rows[:1])
    idle, busy = array("Q", bytes(8 * _IDLE_CALLS)), array("Q", bytes(8 * job.flows))
    meter = Meter(job)
    with open_sdk(flight.telemetry, job) as sdk:
        meter.expect(1)
        sdk.track(flow)
        meter.wait()
        _call(sdk.track, flow, array("Q", bytes(8 * 1000)))  # warm
        for number in range(_IDLE_CALLS):
            time.sleep(_PAUSE_SECONDS)
            _call(sdk.track, flow, one := array("Q", (0,)))
            idle[number] = one[0]
        _call(sdk.track, flow, busy)
        sdk.close(timeout=0.1)  # how fast the rest is sent is another benchmark's question
    return {"clock": _clock_cost(), "idle": _percentiles(idle), "full_rate": _percentiles(busy)}


def _call(track: Callable[[Any], None], flow: Any, times: array[int]) -> None:
    clock = time.perf_counter_ns
    for number in range(len(times)):
        before = clock()
        track(flow)
        times[number] = clock() - before


def _clock_cost() -> float:
    clock = time.perf_counter_ns
    return median(-clock() + clock() for _ in range(100_000))


def _percentiles(times: array[int]) -> dict[str, int]:
    ordered = sorted(times)
    at = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}
    return {name: ordered[int(share * len(ordered))] for name, share in at.items()} | {"max": ordered[-1]}


if __name__ == "__main__":
    main()
