"""The page of a run: docs/benchmark.md is this module's output on benchmarks/results.json, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figures
from benchmarks.goals import Goal, goals, title_of
from benchmarks.plan import PATHS
from benchmarks.tables import latency_table, stages_table, throughput_table

__all__ = ["RESULTS", "report"]

RESULTS: Final = Path(__file__).with_name("results.json")
_HEAD: Final = """# Benchmark

Written by `make bench` from [benchmarks/results.json](../benchmarks/results.json), which holds every round. {setting}

Every path runs in a process of its own, in every round, in an order that changes from round to round; all send to the
same sink on the same machine, without pinning. Each figure is the median of {rounds}, with the least and the most
behind it. A rate counts from the first call to the moment the sink has counted the last message.

The clients do the same work: each fills a flow from Python lists whose numbers change, and each message has its own
time. Columns start from NumPy arrays and add the times; the two paths with ready-made bytes are floors, and send one
message over and over. The first message that the sink has from each client is decoded and checked.

![Flows and values a second against channels per flow](benchmark.png)
"""
_SINK: Final = """*Best peer* is the rate against the fastest official client on the same work. The sink is HTTP/2
(nghttp2) on one thread and only counts length prefixes. Where its processor share is near 100 %, it is the limit and
not the client; where client and sink together come near {processors}00 %, the machine is. Peak memory is the client's
whole process, interpreter included.
"""
_STAGES: Final = """## Stages

Microseconds per flow of each stage alone, the caller's and the sender's apart: the sink accepts no connection until
everything is tracked. *Append* is `track()` less `encode()`. Rust FlowBuilder is a builder filled and made a request;
its serialisation happens later, in its sender. protobuf objects are our messages' channel values, built and serialised.
Each round gives its fastest run of many, ours and theirs alike, and the table the median of the rounds.
"""
_LATENCY: Final = """## Latency of `track()`

Microseconds of one call on `readings` (4 channels), gc on, the clock's own {clock:.0f} ns included: called now and
then, and called without a pause while the sender thread sends.
"""


def report(results: dict[str, Any]) -> str:
    """Return the page."""
    figures = Figures(results)
    return "\n".join(_parts(figures)).rstrip("\n") + "\n"


def _parts(figures: Figures) -> Iterator[str]:
    yield _HEAD.format(setting=_setting(figures.results["versions"]), rounds=_rounds(figures.results["rounds"]))
    yield "| figure | goal | measured | |\n| --- | ---: | ---: | --- |"
    yield from map(_goal_line, goals(figures))
    yield "\n## Throughput\n\n" + _SINK.format(processors=figures.results["versions"]["processors"])
    for work in figures.works():
        yield f"### {title_of(work)}\n\n{throughput_table(figures, work)}\n"
    yield from _limit(figures)
    skipped = figures.skipped()
    if skipped:
        yield "Skipped: " + "; ".join(f"{path} ({reason})" for path, reason in skipped.items()) + ".\n"
    yield _STAGES + "\n" + stages_table(figures) + "\n"
    clock = figures.figure("nostromo", "latency", lambda each: each["clock"])
    if clock:
        yield _LATENCY.format(clock=clock.median) + "\n" + latency_table(figures)


def _limit(figures: Figures) -> Iterator[str]:
    """Say how near the sink came to being what was measured."""
    shares = [
        (found.median, f"{path.title}, {title_of(work)}")
        for work in figures.works()
        for path in PATHS
        if (found := figures.figure(work, path.name, lambda each: each["sink_cpu_seconds"] / each["seconds"]))
    ]
    if shares:
        share, where = max(shares)
        yield f"The sink was busiest with {where}: {100 * share:.0f} % of a processor.\n"


def _rounds(count: int) -> str:
    return "one round" if count == 1 else f"{count} rounds"


def _setting(versions: dict[str, Any]) -> str:
    ours, peers = versions["ours"], versions["peers"]
    named = ", ".join(f"{name} {peers[name]}" for name in ("sift-stack-py", "sift-stream-bindings"))
    used = ", ".join(f"{name} {version}" for name, version in ours.items())
    return f"Python {versions['python']}, {versions['processors']} processors; {used}; peers: {named}."


def _goal_line(goal: Goal) -> str:
    sign = "≤" if goal.at_most else "≥"
    unit = {"x": " x", "%": " %", "µs": " µs"}[goal.unit]
    measured = "not measured" if goal.measured is None else f"{goal.measured:.3g}{unit}"
    verdict = {True: "met", False: "**missed**", None: ""}[goal.met]
    return f"| {goal.figure} | {sign} {goal.bound:g}{unit} | {measured} | {verdict} |"
