"""Our stages, each alone, in microseconds per flow; beside them protobuf's objects, and columns.

The sink accepts no connection until everything is tracked, so that appending is measured without the sender, and then
sending without the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks.clients.columns import columns_maker
from benchmarks.clients.flight import Flight, open_sdk
from benchmarks.clients.job import Answer, Job, Skip, answer
from benchmarks.clients.meter import SinkControl
from benchmarks.clients.requests import values_of
from benchmarks.clients.rows import NOSTROMO, rows_of
from sift_runtime import Sdk
from sift_runtime.messages import ingest_pb2 as ingest

__all__ = ["measure"]

_TIMES: Final = 7
_LEAST_NS: Final = 500_000_000
_COLUMN_ROWS: Final = 10_000
_COLUMN_TIMES: Final = 5  # so many times the rows that are tracked one by one


def main() -> None:
    """Measure the job of the command line."""
    answer(measure)


def measure(job: Job) -> Answer:
    """Return microseconds per flow of each stage."""
    flight = Flight.of(job)
    code, rows = flight.code, flight.rows
    flow = code.construct(rows[:1])
    flows = _constructed(code, rows)
    encode = best(lambda: _encode_all(flows), len(rows))
    times = max(1, job.flows // len(rows))
    whole, send = _track(job, flight, lambda sdk: _track_all(sdk.track, flows), len(rows), times)
    on_disk, _ = _track(job, flight, lambda sdk: _track_all(sdk.track, flows), len(rows), times, on_disk=True)
    return {
        "construct": best(lambda: code.construct(rows), len(rows)),
        "fill": best(lambda: code.fill(flow, rows), len(rows)),
        "encode": encode,
        "append": whole - encode,
        "track": whole,
        "track_on_disk": on_disk,
        "send": send,
        "protobuf_encode": _protobuf(job),
        "track_many": _track_many(job, flight, flows),
        "track_columns": _track_columns(job, flight),
    }


def best(run: Callable[[], object], flows: int) -> float:
    """Return the microseconds per flow of the fastest run: of seven at least, and for long enough to outlast a lull."""
    taken: list[int] = []
    while len(taken) < _TIMES or sum(taken) < _LEAST_NS:
        started = time.perf_counter_ns()
        run()
        taken.append(time.perf_counter_ns() - started)
    return min(taken) / flows / 1000


def _constructed(code: Any, rows: list[Any]) -> list[Any]:
    return [code.construct([row]) for row in rows]


def _encode_all(flows: list[Any]) -> None:
    for flow in flows:
        flow.encode()


def _track_all(track: Callable[[Any], None], flows: list[Any]) -> None:
    for flow in flows:
        track(flow)


def _track(  # noqa: PLR0913  # one measurement
    job: Job, flight: Flight, run: Callable[[Any], object], flows: int, times: int, *, on_disk: bool = False
) -> tuple[float, float]:
    """Track while the sink does not accept, then let it: microseconds per flow of both, the fastest run of tracking."""
    control = SinkControl(job.control_port)
    control.ask("pause")
    control.ask(f"reset {(times + 1) * flows}")
    try:
        with open_sdk(flight.telemetry, job, on_disk=on_disk) as sdk:
            tracked = min(_nanoseconds(lambda: run(sdk)) for _ in range(times + 1))
            control.ask("resume")
            sdk.flush(timeout=60)
            tally = control.tally("wait")
    except BaseException:
        control.ask("resume")
        raise
    sent = tally.reached_ns - tally.first_ns
    return tracked / (flows * 1000), sent / ((times + 1) * flows * 1000)


def _nanoseconds(run: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    run()
    return time.perf_counter_ns() - started


def _track_many(job: Job, flight: Flight, flows: list[Any]) -> float | None:
    """Microseconds per flow of track_many() on flows that are there: encoding and appending."""
    if not hasattr(Sdk, "track_many"):
        return None
    times = max(1, job.flows // len(flows))
    return _track(job, flight, lambda sdk: sdk.track_many(flows), len(flows), times)[0]


def _track_columns(job: Job, flight: Flight) -> float | None:
    """Microseconds per flow of track_columns(): encoding and appending."""
    if not hasattr(Sdk, "track_columns"):
        return None
    try:
        columns = columns_maker(flight.package, job)(_COLUMN_ROWS)
    except Skip:
        return None
    times = max(1, _COLUMN_TIMES * job.flows // _COLUMN_ROWS)
    return _track(job, flight, lambda sdk: sdk.track_columns(columns), _COLUMN_ROWS, times)[0]


def _protobuf(job: Job) -> float:
    """Channel values alone, built as objects and serialised; what flow.encode() gives."""
    rows, request, value = (
        rows_of(job),
        ingest.IngestWithConfigDataStreamRequest,
        ingest.IngestWithConfigDataChannelValue,
    )

    def doubles() -> None:
        for row in rows:
            request(channel_values=[value(double=number) for number in row]).SerializeToString()

    def mixed() -> None:
        for row in rows:
            request(channel_values=values_of(job, row)).SerializeToString()

    return best(mixed if job.work == NOSTROMO else doubles, len(rows))


if __name__ == "__main__":
    main()
