"""Handlers of signals that raise, track or attach a run in the middle of anything: nothing tracked is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.scripted_server import ScriptedServer
from tests.runtime.waiting import DEADLINE

SCRIPT = Path(__file__).with_name("scripts") / "signalled.py"

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timers")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as scripted:
        yield scripted


@pytest.mark.parametrize("place", ["memory", "disk"])
@pytest.mark.parametrize("work", ["runs", "ages", "rolls"])
@pytest.mark.parametrize("handler", ["raise", "track", "attach"])
def test_nothing_is_lost(server: ScriptedServer, tmp_path: Path, handler: str, work: str, place: str) -> None:
    folder = str(tmp_path / "spool") if place == "disk" else "-"
    flight = subprocess.run(
        [sys.executable, str(SCRIPT), handler, work, server.uri, folder],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE,
        check=False,
    )
    assert flight.returncode == 0, flight.stderr
    *numbers, ledger = flight.stdout.splitlines()
    returned = {int(number) for number in numbers if number}
    arrived = {each.timestamp.seconds * 10**9 + each.timestamp.nanos for each in server.acknowledged}
    dropped = int(ledger.split()[3])
    assert ledger == f"unaccounted 0 dropped {dropped} damaged 0"
    assert len(returned - arrived) <= dropped
    assert not dropped or work != "runs"
    assert len(returned) >= 400
