"""An outage of ten minutes at ten thousand flows a second, and the drain after it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clients.meter import SinkControl
from benchmarks.clients.rows import NOSTROMO
from benchmarks.processes import running_sink
from faults.ledger import DeliveredNumbers, compare
from faults.processes import ENVIRONMENT, ROOT, kill
from faults.row import Result, Setting
from faults.server import RecordingServer

__all__ = ["run"]

_MOST_GROWTH = 20e6
_FEW = 1_000_000  # which our own server takes, too
_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class _Server:
    """One that comes back when it is told to."""

    uri: str
    back: Callable[[], None]
    counted: Callable[[], int]
    numbers: Callable[[], DeliveredNumbers | None] = lambda: None
    """Which numbers arrived; None where that is too many to keep."""


def run(setting: Setting) -> Result:
    """Track all of it while nobody answers, then drain; then as much with a server, for its rate."""
    with _server(setting) as server:
        outage = _fly(setting, server, setting.folder / "outage")
        counted, numbers = server.counted(), server.numbers()
    with _server(setting) as server:
        server.back()
        live = _fly(setting, server, setting.folder / "live")
    setting.step()
    missing, twice = max(0, setting.times - counted), max(0, counted - setting.times)
    if numbers is not None:
        loss = compare({0: setting.times}, numbers, open_ended=0)
        missing, twice = loss.lost + loss.invented, loss.duplicates
    drained, rate = outage["drained_per_second"], live["tracked_per_second"]
    figure = (
        f"{setting.times:,} accepted, **{missing} lost**, {twice} duplicates; memory grew by "
        f"{outage['growth'] / 1e6:.1f} MB; {outage['disk'] / setting.times:.0f} bytes of disk a flow; "
        f"drained at {drained:,.0f} flows/s, tracked live at {rate:,.0f}"
    )
    kept = not missing and outage["growth"] < _MOST_GROWTH and not outage["left"] and not outage["unaccounted"]
    return Result(kept=kept, figure=figure, accepted=setting.times, lost=missing)


def _fly(setting: Setting, server: _Server, spool: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "faults.outage_flight", server.uri, str(spool), str(setting.times)]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            away: dict[str, Any] = json.loads(process.stdout.readline())
            server.back()
            process.stdin.write("drain\n")
            process.stdin.flush()
            drained: dict[str, Any] = json.loads(process.stdout.readline())
            process.wait(_PATIENCE)
        finally:
            kill(process)
    return {**away, **drained, "growth": max(away["growth"], drained["growth"])}


@contextmanager
def _server(setting: Setting) -> Iterator[_Server]:
    if setting.times <= _FEW:
        with RecordingServer() as recording:
            recording.stop()
            yield _Server(
                recording.uri,
                _once(recording.restart),
                lambda: sum(stream.messages for stream in recording.streams),
                lambda: recording.delivered,
            )
    else:
        with running_sink(NOSTROMO) as ports:
            control = SinkControl(ports.control_port)
            control.ask(f"reset {setting.times}")
            control.ask("pause")
            uri = f"http://127.0.0.1:{ports.data_port}"
            yield _Server(uri, _once(lambda: control.ask("resume")), lambda: control.tally("wait").messages)


def _once(work: Callable[[], object]) -> Callable[[], None]:
    done: list[bool] = []

    def once() -> None:
        if not done:
            done.append(True)
            work()

    return once
