"""The Rust bindings: `await send`, and their best path, FlowBuilder and try_send_requests in lists of 1000."""

from __future__ import annotations

import asyncio
import time

import sift_stream_bindings as rust

from benchmarks.clients.job import Answer, Job, answer
from benchmarks.clients.meter import Meter
from benchmarks.clients.peers.builders import builder_filler
from benchmarks.clients.peers.forms import form_of, pairs_maker
from benchmarks.clients.rows import chunks, rows_of, take


def main() -> None:
    """Measure the job of the command line."""
    answer(lambda job: asyncio.run(measure(job)))


async def measure(job: Job) -> Answer:
    """Warm up, then measure."""
    mode = rust.SiftStreamBuilderPy(f"http://{job.address}", "key").ingestion_config(form_of(job)).live_only()
    mode.metrics_streaming_interval = None
    stream = await mode.build()
    send = {"sift_stream_send": send_flows, "sift_stream_best": send_requests}[job.path]
    meter = Meter(job)
    warm = max(1000, job.flows // 10)
    meter.expect(warm)
    await send(stream, job, warm)
    meter.wait()
    meter.expect(job.flows)
    await send(stream, job, job.flows)
    result = meter.result()
    await stream.finish()
    return result


async def send_flows(stream: rust.SiftStreamPy, job: Job, count: int) -> None:
    """Await each flow."""
    pairs, now = pairs_maker(job), rust.TimeValuePy.from_timestamp_nanos
    for row in take(rows_of(job), count):
        await stream.send(rust.FlowPy("readings", now(time.time_ns()), pairs(row)))


async def send_requests(stream: rust.SiftStreamPy, job: Job, count: int) -> None:
    """Fill builders, and hand over their requests in lists."""
    fill = builder_filler(stream.get_flow_descriptor("readings"), job)
    for rows in chunks(rows_of(job), count):
        stream.try_send_requests(fill(rows))


if __name__ == "__main__":
    main()
