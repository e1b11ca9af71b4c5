"""Make every fault and write the table; `make faults` does."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Final

from faults.measure import measure
from faults.page import RESULTS, printed, write_page
from faults.rows import ROWS

_NAMES: Final = tuple(row.name for row in ROWS)


def main() -> int:
    """Measure; returns 1 if a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=main.__doc__)
    parser.add_argument("--short", action="store_true", help="each fault a few times, as the test suite does")
    parser.add_argument("--rows", default="", help=f"only these, comma-separated: {', '.join(_NAMES)}")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page of the results there are")
    arguments = parser.parse_args()
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    chosen = tuple(filter(None, arguments.rows.split(","))) or _NAMES
    kept = not arguments.short
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    if not arguments.page:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            measured = measure([row for row in ROWS if row.name in chosen], Path(folder), short=arguments.short)
        results = {**results, **measured} if kept else measured
        if kept:
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if kept:
        write_page(results)
    print(printed(results))  # noqa: T201  # what the command is for
    return 0 if all(each["kept"] for each in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
