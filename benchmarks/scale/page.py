"""The tables of docs/scale.md, from the results; all else on the page is written by hand."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["page_with"]

_MARKS: Final = re.compile(r"(?s)(<!-- results -->\n).*?(<!-- end of results -->)")


def page_with(page: str, results: dict[str, Any]) -> str:
    """Return the page with the tables of these results between its two marks."""
    assert _MARKS.search(page), "the page has no place for the results"
    return _MARKS.sub(lambda found: f"{found[1]}{_tables(results)}{found[2]}", page)


def _tables(results: dict[str, Any]) -> str:
    sizes = results["sizes"]
    rows = [
        ("flows", [f"{size['flows']:,}" for size in sizes]),
        ("files; lines", [f"{size['files']:,}; {size['lines']:,}" for size in sizes]),
        ("`sift-codegen` into a new directory", [_cost(size["generate"]) for size in sizes]),
        ("processor time a channel", [_per_channel(size) for size in sizes]),
        ("the same again, nothing changed", [_cost(size["again"]) for size in sizes]),
        ("`from pkg import Flow0000Flow`", [_milliseconds(size["flow_import_ms"]) for size in sizes]),
        ("`from pkg import Flow0000Columns`", [_milliseconds(size["columns_import_ms"]) for size in sizes]),
        ("`from pkg import TELEMETRY`", [_milliseconds(size["telemetry_import_ms"]) for size in sizes]),
        ("the same, where Python compiles it", [_milliseconds(size["telemetry_first_import_ms"]) for size in sizes]),
        ("mypy `--strict` of a file with one flow, no cache", [_cost(size["mypy_cold"]) for size in sizes]),
        ("the same, with mypy's cache", [_cost(size["mypy_warm"]) for size in sizes]),
    ]
    if all("sift_py" in size for size in sizes):
        rows.append(("a process that reads the config with sift_py", [_cost(size["sift_py"]) for size in sizes]))
    head = ["| | " + " | ".join(f"{size['channels']:,} channels" for size in sizes) + " |"]
    head += ["| --- |" + " ---: |" * len(sizes)]
    body = [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(["", _facts(results), "", *head, *body, ""]) + "\n"


def _facts(results: dict[str, Any]) -> str:
    dependencies = results["sizes"][0]["dependencies_import_ms"]
    return (
        f"Python {results['python']}, {results['processors']} processors; medians of {results['rounds']} rounds, "
        f"mypy and sift_py once. Commands: time on the clock, processor time in parentheses, peak memory. Imports: "
        f"processor time, without Python's own start and without what the package imports from elsewhere (the runtime, "
        f"protobuf, gRPC), which takes {dependencies:.0f} ms more."
    )


def _cost(cost: dict[str, float]) -> str:
    return f"{cost['seconds']:.3g} s ({cost['cpu_seconds']:.3g} s), {cost['peak_bytes'] / 1e6:,.0f} MB"


def _per_channel(size: dict[str, Any]) -> str:
    return f"{1e6 * size['generate']['cpu_seconds'] / size['channels']:.0f} µs"


def _milliseconds(value: float) -> str:
    return f"{value:,.1f} ms" if value < 100 else f"{value / 1000:.2g} s"
