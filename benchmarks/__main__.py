"""Run the benchmark and write its results, table and chart; `make bench` does."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

from benchmarks.chart import draw
from benchmarks.measure import Plan, measure
from benchmarks.processes import BUILD
from benchmarks.report import RESULTS, report
from benchmarks.works import ROOT

_PAGE: Final = "benchmark.md"
_CHART: Final = "benchmark.png"


def main() -> None:
    """Measure, or with --report only write table and chart of the results that are there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--quick", action="store_true", help="a smoke check: a twentieth of the flows, into build/bench"
    )
    parser.add_argument("--paths", default="", help="only these paths, comma-separated; into build/bench")
    parser.add_argument("--report", action="store_true", help="measure nothing")
    arguments = parser.parse_args()
    paths = tuple(filter(None, arguments.paths.split(",")))
    kept = not arguments.quick and not paths
    results, folder = (RESULTS, ROOT / "docs") if kept else (BUILD / RESULTS.name, BUILD)
    if not arguments.report:
        figures = measure(Plan(rounds=arguments.rounds, quick=arguments.quick, paths=paths))
        results.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    _write(json.loads(results.read_text("utf-8")), folder)


def _write(results: dict[str, object], folder: Path) -> None:
    page = report(results)
    (folder / _PAGE).write_text(page, "utf-8")
    draw(results, folder / _CHART)
    print(page)  # noqa: T201  # what the command is for


if __name__ == "__main__":
    main()
