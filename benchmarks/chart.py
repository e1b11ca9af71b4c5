"""The chart of a run: flows and values a second against channels per flow, readable on light and dark pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figures
from benchmarks.goals import best_rows
from benchmarks.plan import WORKS

__all__ = ["draw"]

_INK: Final = "#6e7781"  # grey with contrast enough on white and on near-black; the background is transparent
_LINES: Final = (
    ("ours_columns", "sift-codegen, columns", "#1a7f37", "o"),
    ("rows", "sift-codegen, rows", "#0969da", "o"),
    ("sift_stream_best", "Rust bindings, best path", "#d4740c", "s"),
    ("sift_py_unvalidated", "sift_py, unvalidated", "#bf3989", "^"),
    ("libcurl_alone", "libcurl alone, ready-made frames", _INK, ""),
    ("sift_stream_send", "Rust bindings, await send", "#8250df", "v"),
)
_DOUBLES: Final = tuple(work for work in WORKS if work.isdigit())


def draw(results: dict[str, Any], path: Path) -> None:
    """Write the chart."""
    import matplotlib as mpl  # noqa: PLC0415  # only the benchmark's environment has it  # pyright: ignore[reportMissingImports]

    mpl.use("agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  # as above  # pyright: ignore[reportMissingImports]

    figures = Figures(results)
    plt.rcParams.update(dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), _INK))
    plt.rcParams.update({"font.size": 11, "axes.edgecolor": _INK})
    canvas, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), sharex=True)
    for axes, title, is_values in ((left, "flows per second", False), (right, "channel values per second", True)):
        for name, label, colour, marker in _LINES:
            style = {"label": label, "color": colour, "marker": marker, "linestyle": "-" if marker else ":"}
            _plot(axes, _points(figures, name, is_values=is_values), style)
        _dress(axes, title)
    handles, labels = left.get_legend_handles_labels()
    canvas.legend(handles, labels, loc="lower center", ncols=3, frameon=False, bbox_to_anchor=(0.5, -0.02))
    canvas.tight_layout(rect=(0, 0.12, 1, 1))
    canvas.savefig(path, dpi=160, transparent=True, metadata={"Software": None})
    plt.close(canvas)


def _points(figures: Figures, name: str, *, is_values: bool) -> list[tuple[int, float]]:
    """Return channels with rates."""
    rates = {
        int(work): best_rows(figures, work) if name == "rows" else figures.flows_per_second(work, name)
        for work in _DOUBLES
    }
    return [(channels, rate * (channels if is_values else 1)) for channels, rate in rates.items() if rate is not None]


def _plot(axes: Any, points: list[tuple[int, float]], style: dict[str, str]) -> None:
    if points:
        axes.plot(*zip(*points, strict=True), linewidth=2, markersize=6, **style)


def _dress(axes: Any, title: str) -> None:
    axes.set_title(title, fontsize=12)
    axes.set_xlabel("double channels per flow")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([int(work) for work in _DOUBLES], list(_DOUBLES))
    axes.minorticks_off()
    axes.grid(visible=True, color=_INK, alpha=0.25, linewidth=0.8)
    axes.set_facecolor("none")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    from matplotlib.ticker import EngFormatter  # noqa: PLC0415  # as in draw()  # pyright: ignore[reportMissingImports]

    axes.yaxis.set_major_formatter(EngFormatter(sep=" "))
