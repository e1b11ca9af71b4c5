"""One run: rounds of every path on every work, interleaved, each measurement in a process of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.clients.job import Job
from benchmarks.clients.rows import NOSTROMO
from benchmarks.plan import LATENCY_FLOWS, PATHS, STAGE_FLOWS, flows_of, works
from benchmarks.processes import Ports, run_client, running_sinks
from benchmarks.progress import Progress
from benchmarks.versions import versions

__all__ = ["Plan", "measure"]

_STAGES: Final = "stages"
_LATENCY: Final = "latency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many rounds, whether only a smoke check, and which paths (all where empty)."""

    rounds: int
    quick: bool = False
    paths: tuple[str, ...] = ()

    def measurements(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield kind or path, module, work and flows of one round."""
        for work in works(quick=self.quick):
            for path in PATHS:
                if not self.paths or path.name in self.paths:
                    yield path.name, path.module, work, flows_of(path.flows[work], quick=self.quick)
            if not self.paths or _STAGES in self.paths:
                flows = flows_of(STAGE_FLOWS[work], quick=self.quick)
                yield f"{_STAGES}_ours", "stages", work, flows
                yield f"{_STAGES}_peers", "peers.stages", work, flows
        if not self.paths or _LATENCY in self.paths:
            yield _LATENCY, "latency", NOSTROMO, flows_of(LATENCY_FLOWS, quick=self.quick)


def measure(plan: Plan) -> dict[str, Any]:
    """Return every figure of every round. Each round has an order of its own: no path profits from its place."""
    results: dict[str, Any] = {"versions": versions(), "rounds": plan.rounds, "measurements": {}}
    shuffle = random.Random(3).shuffle  # noqa: S311  # an order, not a secret
    with running_sinks() as sinks, Progress(plan.rounds * len(list(plan.measurements()))) as progress:
        for _ in range(plan.rounds):
            order = list(plan.measurements())
            shuffle(order)
            for measurement in order:
                progress.step(f"{measurement[0]} {measurement[2]}")
                _measure_one(results["measurements"], sinks, measurement)
    return results


def _measure_one(results: dict[str, Any], sinks: dict[str, Ports], measurement: tuple[str, str, str, int]) -> None:
    name, module, work, flows = measurement
    ports = sinks[work]
    job = Job(path=name, work=work, flows=flows, data_port=ports.data_port, control_port=ports.control_port)
    results.setdefault(work, {}).setdefault(name, []).append(run_client(module, job))
