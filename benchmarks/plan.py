"""What is measured: the paths, the interpreter and module of each, and how many flows a stretch has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.clients.rows import NOSTROMO

__all__ = ["LATENCY_FLOWS", "PATHS", "STAGE_FLOWS", "WORKS", "Path", "flows_of", "values_per_flow", "works"]

WORKS: Final = ("3", "50", "200", NOSTROMO)

_QUICK_WORKS: Final = ("50", NOSTROMO)


def _each(*flows: int) -> dict[str, int]:
    return dict(zip(WORKS, flows, strict=True))


# Each about half a second to a second on two cores; what sends message by message gets fewer.
_SLOW: Final = _each(8_000, 5_000, 3_000, 8_000)
_ROWS: Final = _each(200_000, 40_000, 12_000, 150_000)
_COLUMNS: Final = _each(1_000_000, 250_000, 80_000, 1_000_000)
_FLOOR: Final = _each(3_000_000, 600_000, 200_000, 3_000_000)
STAGE_FLOWS: Final = _each(20_000, 10_000, 4_000, 20_000)
LATENCY_FLOWS: Final = 300_000
_FEWEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Path:
    """One way from Python to the sink."""

    name: str
    title: str
    module: str
    flows: dict[str, int]
    is_peer: bool = False


PATHS: Final = (
    Path("sift_py_validated", "sift_py buffered, validated", "peers.sift_py_buffered", _SLOW, is_peer=True),
    Path("sift_py_unvalidated", "sift_py buffered, unvalidated", "peers.sift_py_buffered", _SLOW, is_peer=True),
    Path("sift_stream_send", "sift-stream-bindings (Rust), `await send`", "peers.sift_stream", _SLOW, is_peer=True),
    Path("sift_stream_best", "sift-stream-bindings (Rust), best path", "peers.sift_stream", _ROWS, is_peer=True),
    Path("ours_fresh", "`track()`, a new flow each", "ours", _ROWS),
    Path("ours_reused", "`track()`, one flow reused", "ours", _ROWS),
    Path("ours_many", "`track_many()`, 1000 at a time, one flow object reused", "ours", _ROWS),
    Path("ours_columns", "`track_columns()`, 10,000 rows each", "ours", _COLUMNS),
    Path("ours_reused_disk", "`track()`, one flow reused, spool on disk", "ours", _ROWS),
    Path("ours_columns_disk", "`track_columns()`, 10,000 rows each, spool on disk", "ours", _COLUMNS),
    Path("ours_grpcio", "`track()`, one flow reused, grpcio transport", "ours", _SLOW),
    Path("grpcio_alone", "grpcio alone, ready-made bytes", "ready_made", _SLOW),
    Path("libcurl_alone", "libcurl alone, ready-made frames", "ready_made", _FLOOR),
)


def works(*, quick: bool) -> tuple[str, ...]:
    """Return the works that are measured; a smoke check leaves half of them out."""
    return _QUICK_WORKS if quick else WORKS


def flows_of(flows: int, *, quick: bool) -> int:
    """Return how many flows to send; a smoke check sends a twentieth."""
    return max(_FEWEST, flows // 20) if quick else flows


def values_per_flow(work: str) -> int:
    """Return how many channel values a flow of this work has."""
    return 4 if work == NOSTROMO else int(work)
