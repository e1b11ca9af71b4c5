"""Room: what runs take of it, and what becomes of a run that is attached where there is none."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from sift_runtime import Block, DataType, Sdk, SpoolFullError
from tests.runtime.flows import received, track
from tests.runtime.scripted_server import Answer, ScriptedServer
from tests.runtime.waiting import DEADLINE, finish
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow

from .conftest import NOWHERE

MIB = 1024 * 1024
LOG = "x" * 40_000


def on_disk(root: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in root.rglob("*") if file.is_file())


def attach_and_track(sdk: Sdk[AnyFlow], numbers: range, readings: int = 1) -> None:
    for number in numbers:
        sdk.attach_run(f"run {number}")
        track(sdk, *[number] * readings)


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_runs_take_no_more_room_than_what_is_tracked_for_them(
    tmp_path: Path, server: ScriptedServer, where: str
) -> None:
    spool = tmp_path if where == "disk" else None
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=spool, spool_bytes=64 * MIB) as sdk:
        attach_and_track(sdk, range(100), 20)
        for _ in range(200):
            sdk.track(LogsFlow(log=LOG))  # 8 MB
        stats = sdk.stats
        assert (stats.in_spool, stats.dropped, stats.unaccounted) == (2200, 0, 0)
        assert stats.spool_bytes < 16 * MIB
        assert on_disk(tmp_path) < 24 * MIB
        assert sdk.close(0).left == 2200
    if spool is not None:
        with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=spool) as sdk:
            report = finish(lambda: sdk.flush(DEADLINE))
            assert (report.acknowledged, report.left, report.damaged) == (2200, 0, 0)
        assert [number for number in received(server) if number] == [run for run in range(1, 100) for _ in range(20)]


def test_flows_made_at_run_time_take_no_more_room_than_what_is_tracked(tmp_path: Path) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path, spool_bytes=16 * MIB) as sdk:
        for number in range(60):
            sdk.create_flow(f"flow {number}", {"value": DataType.DOUBLE}).track({"value": 1.0})
        stats = sdk.stats
        assert (stats.in_spool, stats.dropped) == (60, 0)
        assert stats.spool_bytes < 4 * MIB
        sdk.close(0)


def test_runs_that_nothing_is_tracked_for_take_nothing(tmp_path: Path) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path, spool_bytes=MIB) as sdk:
        track(sdk, 1)
        sdk.attach_run("run")
        before = sdk.stats.spool_bytes
        for number in range(200):
            sdk.attach_run(f"run {number}")
        sdk.detach_run()
        assert sdk.stats.spool_bytes <= before
        assert (sdk.stats.in_spool, sdk.stats.dropped) == (1, 0)
        assert len(list(tmp_path.glob("*/*.segment"))) <= 3
        sdk.close(0)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what is open in /proc")
def test_many_runs_offline_leave_few_files_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path) as sdk:
        attach_and_track(sdk, range(200))
        assert len(list(Path("/proc/self/fd").iterdir())) < before + 60
        sdk.close(0)


@pytest.mark.parametrize("when_full", ["drop_oldest", "drop_newest", "raise", Block(0)], ids=str)
def test_runs_attached_to_a_full_spool_ask_for_room(tmp_path: Path, server: ScriptedServer, when_full: Any) -> None:
    """A run can be attached at any time; what gives way is decided by the first reading that there is no room for."""
    capacity, refused = MIB, 0
    choices: dict[str, Any] = {"api_key": "key", "spool": tmp_path, "spool_bytes": capacity, "when_full": when_full}
    with Sdk(TELEMETRY, uri=NOWHERE, **choices) as sdk:
        for number in range(200):
            sdk.attach_run(f"run {number}")
            try:
                track(sdk, number)
            except SpoolFullError:
                refused += 1
            assert sdk.stats.spool_bytes <= capacity + 65_536
        stats = sdk.stats
        assert on_disk(tmp_path) <= capacity + 6 * 65_536
        assert stats.in_spool > 30
        assert stats.in_spool + stats.dropped + refused == 200
        assert stats.unaccounted == 0
        assert (stats.dropped_oldest > 0) == (when_full == "drop_oldest")
        assert (stats.dropped_newest > 0) == (when_full == "drop_newest")
        left = sdk.close(0).left
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == left
    kept = received(server)
    assert kept == (list(range(200 - left, 200)) if when_full == "drop_oldest" else list(range(left)))
    assert [run.name for run in server.runs] == [f"run {number}" for number in kept]


def test_what_comes_for_a_run_without_room_goes_on_as_soon_as_there_is_some(
    tmp_path: Path, server: ScriptedServer
) -> None:
    server.script_ingest(Answer(held=True))
    choices: dict[str, Any] = {"api_key": "key", "spool": tmp_path, "spool_bytes": MIB, "when_full": Block(DEADLINE)}
    with Sdk(TELEMETRY, uri=server.uri, **choices) as sdk:
        runs = threading.Thread(target=attach_and_track, args=(sdk, range(200)), daemon=True)
        runs.start()
        server.wait_for_call("IngestWithConfigDataStream")
        server.release()
        runs.join(DEADLINE)
        assert not runs.is_alive()
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == 200
    assert received(server) == list(range(200))


def test_segment_that_was_cut_is_whole_again_when_it_is_used_again(tmp_path: Path, server: ScriptedServer) -> None:
    """To write behind the end of a mapped file would end the process."""
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        for number in range(10):
            sdk.attach_run(f"run {number}")
            track(sdk, number)
            assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
            sdk.attach_run(f"full run {number}")
            for _ in range(3):
                sdk.track(LogsFlow(log="y" * 15_000))
            assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
        assert sdk.stats.acknowledged == 40


def test_threads_that_track_while_runs_come_and_go_lose_nothing(tmp_path: Path, server: ScriptedServer) -> None:
    def work(sdk: Sdk[AnyFlow], first: int) -> None:
        track(sdk, *range(first, first + 2_000))

    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path) as sdk:
        threads = [threading.Thread(target=work, args=(sdk, first)) for first in (0, 2_000, 4_000)]
        for thread in threads:
            thread.start()
        for number in range(50):
            sdk.attach_run(f"run {number}")
        for thread in threads:
            thread.join()
        assert (sdk.stats.in_spool, sdk.stats.unaccounted, sdk.stats.damaged) == (6_000, 0, 0)
        sdk.close(0)
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == 6_000
    assert sorted(received(server)) == list(range(6_000))
