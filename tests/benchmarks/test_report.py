"""The published page says what the published results say."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figures
from benchmarks.goals import Goal, goals
from benchmarks.report import RESULTS, report

PAGE: Final = Path(__file__).parents[2] / "docs/benchmark.md"
RESULTS_TEXT: Final = RESULTS.read_text("utf-8")


def one_round(**figures: object) -> dict[str, Any]:
    versions = {
        "python": "3",
        "processors": 2,
        "ours": {},
        "peers": {"sift-stack-py": "1", "sift-stream-bindings": "1"},
    }
    works = {"50": figures, "nostromo": {"latency": [latency(2900)]}}
    return {"rounds": 1, "versions": versions, "measurements": works}


def latency(p50: int) -> dict[str, object]:
    load = {"p50": p50, "p99": 9000, "p99.9": 200_001, "max": 300_000}
    return {"clock": 100.0, "idle": load, "full_rate": load}


def sent(flows: int, seconds: float) -> dict[str, object]:
    cpu = {"client_cpu_seconds": 1.0, "sink_cpu_seconds": 0.5}
    return {"flows": flows, "seconds": seconds, "bytes": 100 * flows, "peak_bytes": 50_000_000, **cpu}


def of(results: dict[str, Any], words: str) -> Goal:
    (found,) = [goal for goal in goals(Figures(results)) if words in goal.figure]
    return found


def test_the_page_is_made_of_the_results() -> None:
    assert PAGE.read_text("utf-8") == report(json.loads(RESULTS_TEXT)), "run `make benchmark-page`"


def test_the_results_name_no_machine_and_no_path() -> None:
    assert "/" not in RESULTS_TEXT
    assert set(json.loads(RESULTS_TEXT)) == {"measurements", "rounds", "versions"}


def test_a_ratio_is_of_medians_and_of_the_best_row_path() -> None:
    results = one_round(
        ours_fresh=[sent(100, 1.0)],
        ours_reused=[sent(400, 1.0), sent(300, 1.0), sent(9000, 1.0)],
        sift_stream_best=[sent(200, 1.0)],
    )
    goal = of(results, "Rust bindings' best path: 50")
    assert (goal.measured, goal.bound, goal.met) == (2.0, 2.0, True)
    slower = copy.deepcopy(results)
    slower["measurements"]["50"]["sift_stream_best"] = [sent(201, 1.0)]
    assert of(slower, "Rust bindings' best path: 50").met is False
    assert "**missed**" in report(slower)


def test_what_was_skipped_is_said_and_never_met() -> None:
    results = one_round(ours_columns=[{"skipped": "no columns here"}], libcurl_alone=[sent(100, 1.0)])
    assert of(results, "libcurl alone").met is None
    assert "ours_columns (no columns here)" in report(results)
    assert "not measured" in report(results)


def test_a_latency_has_an_upper_bound() -> None:
    results = one_round()
    assert of(results, "p50 under").met is True
    assert of(results, "p99.9 under").met is False
