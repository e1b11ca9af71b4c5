"""Running the rows, one after the other."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from faults.peers import compare_peers
from faults.row import Result, Row, Setting

__all__ = ["measure"]

_PEER_TIMES: Final = 5
"""How often the peers meet a fault: they lose at the first, and what they lose differs little."""


def measure(rows: Sequence[Row], folder: Path, *, short: bool) -> dict[str, Any]:
    """Return each row's result by its name; a row that fails counts as a promise that was not kept."""
    return {row.name: _one(row, folder / row.name, short=short) for row in rows}


def _one(row: Row, folder: Path, *, short: bool) -> dict[str, Any]:
    folder.mkdir()
    times = row.short if short else row.times
    progress = _Progress(row.name, times)
    started = time.monotonic()
    try:
        result = row.run(Setting(times, folder, progress.step))
    except Exception as error:  # noqa: BLE001  # told in the table, and by the exit status
        result = Result(kept=False, figure=f"failed: {type(error).__name__}: {error}")
    progress.end()
    seconds = round(time.monotonic() - started, 1)
    peers = {} if short else compare_peers(row.name, folder, _PEER_TIMES)
    return {
        "times": times,
        "seconds": seconds,
        **asdict(result),
        "peers": {peer: {"times": _PEER_TIMES, **asdict(loss)} for peer, loss in peers.items()},
    }


class _Progress:
    """A line on a terminal that says how far a row is."""

    def __init__(self, name: str, times: int) -> None:
        self._name, self._times, self._done = name, times, 0
        self._shows = sys.stderr.isatty()
        self._show()

    def step(self) -> None:
        self._done += 1
        self._show()

    def end(self) -> None:
        if self._shows:
            sys.stderr.write("\n")

    def _show(self) -> None:
        if self._shows:
            sys.stderr.write(f"\r{self._name}: {self._done} of {self._times} ")
            sys.stderr.flush()
