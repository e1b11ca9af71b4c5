"""Handlers of signals that fork, close or flush at the very places where that did harm: each makes one happen there."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sift_runtime import Sdk, SdkClosedError
from sift_runtime._spool import directory as directories
from sift_runtime._spool.copying import write_copy
from tests.runtime.flows import received, track
from tests.runtime.scripted_server import ScriptedServer
from tests.runtime.waiting import DEADLINE, finish
from vehicle_telemetry import TELEMETRY, VoltageFlow

from .conftest import NOWHERE

SCRIPT = Path(__file__).with_name("scripts") / "forked_in_put.py"
VALUES = VoltageFlow(voltage=7).encode()
SETTINGS: dict[str, Any] = {"api_key": "key", "spool_bytes": 64_000_000}


def drained(spool: Path) -> list[int]:
    """Return what another process delivers of what is left."""
    with ScriptedServer() as server:
        with Sdk(TELEMETRY, uri=server.uri, spool=spool, **SETTINGS) as sdk:
            assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
        return received(server)


def test_a_child_that_is_forked_in_the_middle_leaves_its_parents_files_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", str(SCRIPT), str(tmp_path / "spool")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["closed", "3011 0"]), done.stderr
    assert len(drained(tmp_path / "spool")) == 3011


def test_nothing_gets_into_memory_that_has_been_moved_to_disk_at_the_end(tmp_path: Path, disk: list[int]) -> None:
    disk.append(errno.ENOSPC)
    sdk = Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SETTINGS)
    track(sdk, *range(10))
    head = sdk._spool.head
    make, flow = head.makers[VoltageFlow]

    def closed_meanwhile(time_ns: int, values: bytes) -> bytes:
        sdk.close(0)
        return make(time_ns, values)

    with sdk._spool._lock:
        head.limit, head.makers = 0, {**head.makers, VoltageFlow: (closed_meanwhile, flow)}
    with pytest.raises(SdkClosedError):
        sdk._spool.put(VoltageFlow, 1, VALUES)
    assert (sdk.stats.tracked, sdk.stats.unaccounted) == (10, 0)
    disk.clear()
    assert drained(tmp_path) == list(range(10))


def test_memory_is_moved_to_a_disk_that_is_well_again_though_nobody_looks(tmp_path: Path, disk: list[int]) -> None:
    disk.append(errno.ENOSPC)
    sdk = Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SETTINGS)
    track(sdk, *range(500))
    disk.clear()
    track(sdk, *range(500, 20_000))
    assert [progress.is_on_disk for progress in sdk._spool._shelf.progress[:-1]].count(False) == 0
    sdk.close(0)
    assert sorted(drained(tmp_path)) == list(range(20_000))  # what was in memory comes last


def test_what_is_delivered_while_it_is_moved_is_not_moved(
    tmp_path: Path, server: ScriptedServer, disk: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flush() of a handler, in the middle of writing the copy, lets go of the lock: the sender takes the segment."""
    disk.append(errno.ENOSPC)
    sdk = Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SETTINGS)
    sdk.connect(DEADLINE)
    sdk.attach_run(run_id="A")
    flushed: list[bool] = []

    def interrupted(*words: Any, **more: Any) -> int:
        size = write_copy(*words, **more)
        if not flushed:
            flushed.append(sdk.flush(DEADLINE).acknowledged_all)
        return size

    monkeypatch.setattr(directories, "write_copy", interrupted)
    with sdk._spool._lock:
        track(sdk, *range(5))
        disk.clear()
        sdk.attach_run(run_id="B")  # seals what is for A
        sdk._spool._shelf.move_to_disk(sync=False)
    assert flushed == [True]
    track(sdk, *range(5, 25))
    sdk.attach_run(run_id="C")
    track(sdk, *range(25, 45))
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    sdk.close(0)
    assert (received(server), sdk.stats.unaccounted) == (list(range(45)), 0)
    runs = [request.run_id for request in server.acknowledged]
    assert runs == ["A"] * 5 + ["B"] * 20 + ["C"] * 20
    assert drained(tmp_path) == []
