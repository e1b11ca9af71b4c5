"""Measure what large configs cost and write the tables of docs/scale.md; `make scale` does."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Final

from benchmarks.scale.measure import Plan, measure
from benchmarks.scale.page import page_with
from benchmarks.works import ROOT

__all__ = ["PAGE", "RESULTS", "main"]

PAGE: Final = ROOT / "docs" / "scale.md"
RESULTS: Final = Path(__file__).with_name("results.json")
_BUILD: Final = ROOT / "build" / "scale"
_SIZES: Final = (1_000, 10_000, 100_000)


def main() -> None:
    """Measure, or with --report only write the tables of the results that are there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a smoke check: small sizes, into build/scale")
    parser.add_argument("--report", action="store_true", help="measure nothing")
    arguments = parser.parse_args()
    results, sizes = (_BUILD / RESULTS.name, _SIZES[:1]) if arguments.quick else (RESULTS, _SIZES)
    if not arguments.report:
        plan = Plan(rounds=arguments.rounds, folder=_BUILD, peers=not arguments.quick)
        figures = {
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "rounds": arguments.rounds,
            "sizes": [measure(size, plan, lambda line: print(line, file=sys.stderr)) for size in sizes],  # noqa: T201
        }
        results.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    if not arguments.quick:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(page_with(page, json.loads(results.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
