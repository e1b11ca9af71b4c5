"""Our paths: track() and track_columns() in memory and on disk, track_many(), and the grpcio transport."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from benchmarks.clients.columns import columns_maker
from benchmarks.clients.flight import Flight, open_sdk
from benchmarks.clients.job import Answer, Job, answer
from benchmarks.clients.meter import Meter
from benchmarks.clients.rows import CHUNK, chunks, take
from sift_runtime._settings import TransportName

__all__ = ["sender_of"]

Send = Callable[[int], None]
_COLUMN_ROWS: Final = 10_000


def main() -> None:
    """Measure the job of the command line."""
    answer(measure)


def measure(job: Job) -> Answer:
    """Warm up, then measure."""
    flight = Flight.of(job)
    meter = Meter(job)
    transport: TransportName | None = "grpcio" if job.path == "ours_grpcio" else None
    with open_sdk(flight.telemetry, job, transport=transport, on_disk=job.path.endswith("_disk")) as sdk:
        send = sender_of(sdk, flight, job)
        warm = max(CHUNK, job.flows // 10)
        meter.expect(warm)
        send(warm)
        sdk.flush(timeout=60)
        meter.wait()
        meter.expect(job.flows)
        send(job.flows)
        sdk.flush(timeout=60)
        dropped = sdk.stats.dropped
        if dropped:
            raise RuntimeError(f"{dropped} flows were dropped from the spool: make it larger or send fewer")
        return meter.result()


def sender_of(sdk: Any, flight: Flight, job: Job) -> Send:
    """Return what sends so many flows on the job's path; raises Skip where this Sdk has no such method."""
    code, rows = flight.code, flight.rows
    if job.path == "ours_fresh":
        return lambda count: code.track_fresh(sdk.track, take(rows, count))
    if job.path in ("ours_reused", "ours_reused_disk", "ours_grpcio"):
        flow = code.construct(rows[:1])
        return lambda count: code.track_reused(sdk.track, flow, take(rows, count))
    if job.path == "ours_many":
        flow = code.construct(rows[:1])
        return lambda count: code.track_many(sdk.track_many, flow, chunks(rows, count))
    return _columns_sender(sdk.track_columns, flight, job)


def _columns_sender(track_columns: Callable[[Any], object], flight: Flight, job: Job) -> Send:
    make = columns_maker(flight.package, job)

    def send(count: int) -> None:
        for start in range(0, count, _COLUMN_ROWS):
            track_columns(make(min(_COLUMN_ROWS, count - start)))

    return send


if __name__ == "__main__":
    main()
