"""What was ingested of each run: by flow, its first and its last time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import duckdb

from sift_receiver._records import FlowRecord

__all__ = ["Extents", "RunExtents", "add_time", "load_extents"]

Extents: TypeAlias = dict[tuple[str, str], tuple[int, int]]
"""First and last time in nanoseconds, by the ids of run and flow."""


def add_time(extents: Extents, run_id: str, flow_id: str, nanoseconds: int) -> None:
    """Note a reading."""
    first, last = extents.get((run_id, flow_id), (nanoseconds, nanoseconds))
    extents[run_id, flow_id] = min(first, nanoseconds), max(last, nanoseconds)


@dataclass(slots=True)
class RunExtents:
    """The extents of all that is committed; any thread adds and reads."""

    _flows: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, extents: Extents) -> None:
        """Add what was committed."""
        with self._lock:
            for (run_id, flow_id), (first, last) in extents.items():
                flows = self._flows.setdefault(run_id, {})
                before = flows.get(flow_id, (first, last))
                flows[flow_id] = min(first, before[0]), max(last, before[1])

    def of_run(self, run_id: str) -> Mapping[str, tuple[int, int]]:
        """Return the extents of a run by the ids of its flows."""
        with self._lock:
            return dict(self._flows.get(run_id, {}))

    def runs_by_flow(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of the runs of each flow."""
        found: dict[str, tuple[str, ...]] = {}
        with self._lock:
            for run_id, flows in self._flows.items():
                for flow_id in flows:
                    found[flow_id] = (*found.get(flow_id, ()), run_id)
        return found


def load_extents(connection: duckdb.DuckDBPyConnection, flows: Iterable[FlowRecord]) -> RunExtents:
    """Read what is in the tables of flows."""
    found = RunExtents()
    for flow in flows:
        query = f"""
            SELECT run_id, min(timestamp_ns), max(timestamp_ns) FROM {flow.target.table}
            WHERE run_id IS NOT NULL GROUP BY run_id
        """  # noqa: S608 - quoted
        rows = connection.execute(query).fetchall()
        found.add({(run_id, flow.flow_id): (first, last) for run_id, first, last in rows})
    return found
