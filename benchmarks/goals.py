"""The ratios that the fast path is held to, and what a run shows of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.clients.rows import NOSTROMO
from benchmarks.figures import Figures
from benchmarks.plan import PATHS

__all__ = ["Goal", "best_peer", "best_rows", "goals", "title_of"]

_ROWS: Final = ("ours_fresh", "ours_reused", "ours_many")
_RUST: Final = "sift_stream_best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure, its bound, and what was measured (None: nothing was)."""

    figure: str
    bound: float
    unit: str
    measured: float | None
    at_most: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the measured figure keeps the bound."""
        if self.measured is None:
            return None
        return self.measured <= self.bound if self.at_most else self.measured >= self.bound


def goals(figures: Figures) -> list[Goal]:
    """Return every goal with its result."""
    return [*_end_to_end(figures), *_stages(figures), *_latency(figures), *_disk(figures)]


def title_of(work: str) -> str:
    """Return what a work is called on the page."""
    return "`readings` (double, int32, enum, bit field)" if work == NOSTROMO else f"{work} double channels"


def best_rows(figures: Figures, work: str) -> float | None:
    """Return the flows a second of the best way to send row by row."""
    return max(filter(None, (figures.flows_per_second(work, path) for path in _ROWS)), default=None)


def best_peer(figures: Figures, work: str) -> float | None:
    """Return the flows a second of the fastest official client."""
    peers = (path.name for path in PATHS if path.is_peer)
    return max(filter(None, (figures.flows_per_second(work, path) for path in peers)), default=None)


def _end_to_end(figures: Figures) -> Iterator[Goal]:
    for peer, path, bounds in (
        ("the Rust bindings' best path", _RUST, {"3": 1.0, "50": 2.0, "200": 3.0, NOSTROMO: 1.0}),
        ("sift_py unvalidated", "sift_py_unvalidated", {"3": 30.0, "50": 20.0}),
    ):
        for work, bound in bounds.items():
            measured = _ratio(best_rows(figures, work), figures.flows_per_second(work, path))
            yield Goal(
                figure=f"flows/s, best row API against {peer}: {title_of(work)}",
                bound=bound,
                unit="x",
                measured=measured,
            )
    share = _ratio(figures.flows_per_second("50", "ours_columns"), figures.flows_per_second("50", "libcurl_alone"))
    yield Goal(
        figure="flows/s, columns against libcurl alone with ready-made frames: 50 double channels",
        bound=80.0,
        unit="%",
        measured=None if share is None else 100 * share,
    )


def _stages(figures: Figures) -> Iterator[Goal]:
    rust, encode = figures.stage("50", "peers", "rust_encode"), figures.stage("50", "ours", "encode")
    columns, protobuf = figures.stage("50", "ours", "track_columns"), figures.stage("50", "ours", "protobuf_encode")
    for figure, bound, measured in (
        ("values/s, columns encoded and appended, against Rust FlowBuilder", 15.0, _ratio(rust, columns)),
        ("encode alone against protobuf objects", 12.0, _ratio(protobuf, encode)),
        ("encode alone against Rust FlowBuilder", 3.5, _ratio(rust, encode)),
    ):
        yield Goal(figure=f"{figure}: 50 double channels", bound=bound, unit="x", measured=measured)


def _latency(figures: Figures) -> Iterator[Goal]:
    for name, bound in (("p50", 3.0), ("p99.9", 200.0)):
        found = figures.latency("full_rate", name)
        yield Goal(
            figure=f"`track()` {name} under full-rate sending, 4 channels",
            bound=bound,
            unit="µs",
            measured=found.median if found else None,
            at_most=True,
        )


def _disk(figures: Figures) -> Iterator[Goal]:
    for work in ("50", NOSTROMO):
        cost = _ratio(figures.stage(work, "ours", "track_on_disk"), figures.stage(work, "ours", "track"))
        figure = f"`track()` with the spool on disk against in memory: {title_of(work)}"
        yield Goal(figure=figure, bound=1.25, unit="x", measured=cost, at_most=True)
    for name, path in (("one flow reused", "ours_reused"), ("columns", "ours_columns")):
        share = _ratio(figures.flows_per_second("50", f"{path}_disk"), figures.flows_per_second("50", path))
        yield Goal(
            figure=f"flows/s with the spool on disk against in memory, {name}: 50 double channels",
            bound=90.0,
            unit="%",
            measured=None if share is None else 100 * share,
        )


def _ratio(ours: float | None, theirs: float | None) -> float | None:
    return ours / theirs if ours is not None and theirs is not None else None
