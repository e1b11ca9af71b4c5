"""The page's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.figures import Figure, Figures, Round, flow_rate
from benchmarks.goals import best_peer, title_of
from benchmarks.plan import PATHS, values_per_flow

__all__ = ["latency_table", "stages_table", "throughput_table"]

_COLUMNS = (
    "path",
    "flows/s",
    "best peer",
    "values/s",
    "bytes/flow",
    "client CPU",
    "sink CPU",
    "client + sink CPU, µs/flow",
    "peak MB",
)
_STAGES = (
    ("construct a flow", "ours", "construct"),
    ("fill a reused flow", "ours", "fill"),
    ("`encode()`", "ours", "encode"),
    ("append", "ours", "append"),
    ("`track()`: encode and append", "ours", "track"),
    ("`track()`, spool on disk", "ours", "track_on_disk"),
    ("send", "ours", "send"),
    ("`track_many()`: encode and append", "ours", "track_many"),
    ("`track_columns()`: encode and append", "ours", "track_columns"),
    ("protobuf objects: construct and encode", "ours", "protobuf_encode"),
    ("Rust FlowBuilder: fill and request", "peers", "rust_encode"),
    ("Rust try_send_requests: append", "peers", "rust_append"),
    ("sift_py: construct values", "peers", "sift_py_construct"),
    ("sift_py: encode values", "peers", "sift_py_encode"),
)


def throughput_table(figures: Figures, work: str) -> str:
    """Return a work's paths, one a line."""
    return "\n".join([*_head(_COLUMNS), *_throughput_lines(figures, work)])


def stages_table(figures: Figures) -> str:
    """Return microseconds per flow, one stage a line, one work a column."""
    lines = [*_head(("stage", *map(title_of, figures.works())))]
    for title, side, name in _STAGES:
        found = [figures.stage(work, side, name) for work in figures.works()]
        lines.append(_line(title, *("" if each is None else f"{each:.2f}" for each in found)))
    return "\n".join(lines)


def latency_table(figures: Figures) -> str:
    """Return the percentiles of track()."""
    names = ("p50", "p99", "p99.9", "max")
    lines = [*_head(("load", *names))]
    for title, load in (("now and then", "idle"), ("full rate", "full_rate")):
        lines.append(_line(title, *(_spread(figures.latency(load, name), "{:,.1f}") for name in names)))
    return "\n".join(lines)


def _throughput_lines(figures: Figures, work: str) -> Iterator[str]:
    def of(path: str, value: Callable[[Round], float], form: str) -> str:
        found = figures.figure(work, path, value)
        return form.format(found.median) if found else ""

    peer = best_peer(figures, work)
    for path in PATHS:
        rate = figures.figure(work, path.name, flow_rate)
        if rate is None:
            continue
        yield _line(
            path.title,
            _spread(rate, "{:,.0f}"),
            f"{rate.median / peer:.3g} x" if peer else "",
            f"{rate.median * values_per_flow(work):,.0f}",
            of(path.name, lambda each: each["bytes"] / each["flows"], "{:.0f}"),
            of(path.name, lambda each: 100 * each["client_cpu_seconds"] / each["seconds"], "{:.0f} %"),
            of(path.name, lambda each: 100 * each["sink_cpu_seconds"] / each["seconds"], "{:.0f} %"),
            of(path.name, lambda each: 1e6 * each["client_cpu_seconds"] / each["flows"], "{:.2f} + ")
            + of(path.name, lambda each: 1e6 * each["sink_cpu_seconds"] / each["flows"], "{:.2f}"),
            of(path.name, lambda each: each["peak_bytes"] / 1e6, "{:.0f}"),
        )


def _spread(figure: Figure | None, form: str) -> str:
    if figure is None:
        return ""
    return f"{form.format(figure.median)} ({form.format(figure.least)} to {form.format(figure.most)})"


def _head(titles: tuple[str, ...]) -> Iterator[str]:
    yield _line(*titles)
    yield _line("---", *("---:" for _ in titles[1:]))


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
