"""The stages of the official clients, in microseconds per flow, as far as Python can see them."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import Callable

import sift_stream_bindings as rust
from sift.ingest.v1 import ingest_pb2 as ingest

from benchmarks.clients.job import Answer, Job, answer
from benchmarks.clients.peers.builders import builder_filler
from benchmarks.clients.peers.forms import form_of
from benchmarks.clients.peers.sift_py_buffered import values_maker
from benchmarks.clients.rows import rows_of

TIMES = 7
LEAST_NS = 500_000_000


def main() -> None:
    """Measure the job of the command line."""
    warnings.simplefilter("ignore")
    answer(lambda job: asyncio.run(measure(job)))


async def measure(job: Job) -> Answer:
    """Return Rust's builders filled, their requests handed over, and sift_py's values made and serialised."""
    mode = rust.SiftStreamBuilderPy(f"http://{job.address}", "key").ingestion_config(form_of(job)).live_only()
    mode.metrics_streaming_interval = None
    stream = await mode.build()
    rows, values = rows_of(job), values_maker(job)
    fill = builder_filler(stream.get_flow_descriptor("readings"), job)
    made = [fill(rows) for _ in range(TIMES)]
    result: Answer = {
        "rust_encode": best(lambda: fill(rows), len(rows)),
        "rust_append": min(nanoseconds(lambda: stream.try_send_requests(made.pop())) for _ in range(TIMES))
        / len(rows)
        / 1000,
        "sift_py_construct": best(lambda: [values(row) for row in rows], len(rows)),
    }
    ready = [values(row) for row in rows]
    request = ingest.IngestWithConfigDataStreamRequest
    encode = lambda: [request(channel_values=each).SerializeToString() for each in ready]  # noqa: E731
    result["sift_py_encode"] = best(encode, len(rows))
    await stream.finish()
    return result


def nanoseconds(run: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    run()
    return time.perf_counter_ns() - started


def best(run: Callable[[], object], flows: int) -> float:
    """Return the microseconds per flow of the fastest run: of seven at least, and for long enough to outlast a lull."""
    taken: list[int] = []
    while len(taken) < TIMES or sum(taken) < LEAST_NS:
        started = time.perf_counter_ns()
        run()
        taken.append(time.perf_counter_ns() - started)
    return min(taken) / flows / 1000


if __name__ == "__main__":
    main()
