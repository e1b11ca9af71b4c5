"""Medians and spreads out of a run's results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.plan import WORKS

__all__ = ["Figure", "Figures", "Round", "flow_rate"]

Round = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """The rounds' median, least and most."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Looks up what was measured; None is what was not measured, or skipped."""

    results: dict[str, Any]

    def works(self) -> list[str]:
        """Return the works that were measured, in the page's order."""
        return [work for work in WORKS if work in self.results["measurements"]]

    def rounds(self, work: str, path: str) -> list[Round]:
        """Return the rounds that were not skipped."""
        found: list[Round] = self.results["measurements"].get(work, {}).get(path, [])
        return [each for each in found if "skipped" not in each]

    def figure(self, work: str, path: str, of: Callable[[Round], float | None]) -> Figure | None:
        """Return a figure that each round gives."""
        values = [value for each in self.rounds(work, path) if (value := of(each)) is not None]
        return Figure(median(values), min(values), max(values)) if values else None

    def flows_per_second(self, work: str, path: str) -> float | None:
        """Return the median rate."""
        found = self.figure(work, path, flow_rate)
        return found.median if found else None

    def stage(self, work: str, side: str, name: str) -> float | None:
        """Return the median microseconds per flow of a stage; `side` is ours or peers."""
        found = self.figure(work, f"stages_{side}", lambda each: each.get(name))
        return found.median if found else None

    def latency(self, load: str, name: str) -> Figure | None:
        """Return a percentile of track(), in microseconds."""
        return self.figure("nostromo", "latency", lambda each: float(each[load][name]) / 1000)

    def skipped(self) -> dict[str, str]:
        """Return why paths were skipped."""
        works: dict[str, dict[str, list[Round]]] = self.results["measurements"]
        every = ((path, each) for paths in works.values() for path, rounds in paths.items() for each in rounds)
        return {path: each["skipped"] for path, each in every if "skipped" in each}


def flow_rate(each: Round) -> float:
    """Flows a second of one round, from the first call to the last message counted."""
    return float(each["flows"]) / float(each["seconds"])
