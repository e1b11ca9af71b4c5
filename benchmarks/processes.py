"""The processes of a run: one sink per work for all of it, one client per measurement."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.clients.job import Job
from benchmarks.plan import WORKS, values_per_flow
from benchmarks.replies import write_replies
from benchmarks.works import ROOT, make_packages
from sift_runtime.messages import ingest_pb2 as ingest

__all__ = ["BUILD", "Ports", "run_client", "running_sink", "running_sinks"]

BUILD: Final = ROOT / "build" / "bench"
_PACKAGES: Final = BUILD / "packages"
_PEERS_PYTHON: Final = ROOT / ".venv-peers" / "bin" / "python"
_PATIENCE: Final = 180.0  # seconds for one client


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a sink listens: for flows, and for control."""

    data_port: int
    control_port: int


@contextmanager
def running_sinks() -> Iterator[dict[str, Ports]]:
    """Generate the packages and start a sink for each work; the sinks end with the block."""
    make_packages(_PACKAGES)
    with ExitStack() as stack:
        yield {work: stack.enter_context(running_sink(work)) for work in WORKS}


@contextmanager
def running_sink(work: str) -> Iterator[Ports]:
    replies = BUILD / f"replies_{work}.txt"
    write_replies(replies, work)
    command = [str(BUILD / "sink"), str(replies)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdin is not None
        assert sink.stdout is not None
        try:
            data_port, control_port = map(int, sink.stdout.readline().split())
            yield Ports(data_port, control_port)
        finally:
            sink.stdin.close()  # which ends it


def run_client(module: str, job: Job) -> dict[str, Any]:
    """Run one client to its end and return its answer; raises RuntimeError where it fails or its work was not whole."""
    python = _PEERS_PYTHON if module.startswith("peers.") else Path(sys.executable)
    command = [str(python), "-W", "ignore", "-m", f"benchmarks.clients.{module}", json.dumps(asdict(job))]
    environment = {**os.environ, "PYTHONPATH": str(_PACKAGES)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{job.path} on {job.work} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "sample" in result:
        _check(job, result)
    return result


def _check(job: Job, result: dict[str, Any]) -> None:
    """Refuse a result whose client did less than the others, or sent something twice."""
    if result.pop("counted") != job.flows:
        raise RuntimeError(f"{job.path} on {job.work}: more messages arrived than flows were sent")
    request = ingest.IngestWithConfigDataStreamRequest.FromString(bytes.fromhex(result.pop("sample")))
    kinds = [value.WhichOneof("type") for value in request.channel_values]
    expected = ["double"] * values_per_flow(job.work) if job.channels else ["double", "int32", "enum", "bit_field"]
    if kinds != expected or request.flow != "readings" or not request.timestamp.nanos:
        raise RuntimeError(f"{job.path} on {job.work} sends flow {request.flow!r} with {kinds}, not {expected}")
