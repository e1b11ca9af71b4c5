"""What the user may choose: how old data may get, which goes first, and what a power cut may take."""

from __future__ import annotations

import os
import shutil
import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sift_runtime import BatchLimits, Sdk, SettingsError
from tests.runtime.flows import received, track
from tests.runtime.scripted_server import Answer, ScriptedServer
from tests.runtime.waiting import DEADLINE, finish, wait_until
from vehicle_telemetry import TELEMETRY, LogsFlow

from .conftest import NOWHERE

SMALL: dict[str, Any] = {"api_key": "key", "spool_bytes": 2_000_000}


def test_what_is_too_old_is_dropped_and_counted(tmp_path: Path, server: ScriptedServer) -> None:
    server.script_ingest(Answer(held=True))
    limits = BatchLimits(messages=1, interval=0.001)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, spool_max_age=0.2, limits=limits, **SMALL) as sdk:
        track(sdk, 1)  # on its way, so it stays
        server.wait_for_call("IngestWithConfigDataStream")
        for number in range(400):
            sdk.track(LogsFlow(log=f"{number}" + "x" * 1_200))
        wait_until(lambda: sdk.stats.dropped_for_age >= 300)
        stats = sdk.stats
        assert stats.flows["logs"].dropped_for_age == stats.dropped_for_age
        assert stats.unaccounted == 0
        server.release()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert report.left == 0
        assert sdk.stats.unaccounted == 0
    assert received(server)[0] == 1


def test_dropping_for_age_is_told_once_and_not_with_each_burst(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, spool_max_age=0.5, **SMALL) as sdk:
        dropped = 0

        def is_dropping() -> bool:
            track(sdk, 1)
            return sdk.stats.dropped_for_age > dropped

        for _ in range(5):
            wait_until(is_dropping)
            dropped = sdk.stats.dropped_for_age
        sdk.close(0)
    assert caplog.text.count("are being dropped") == 1


def test_age_of_what_was_left_counts_from_when_it_was_written(tmp_path: Path, server: ScriptedServer) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2)
        sdk.close(0)
    (segment,) = tmp_path.rglob("*.segment")
    two_hours_ago = time.time() - 7_200
    os.utime(segment, (two_hours_ago, two_hours_ago))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, spool_max_age=3600, **SMALL) as sdk:
        track(sdk, 3)
        finish(lambda: sdk.flush(DEADLINE))
        stats = sdk.stats
        assert (stats.adopted, stats.dropped_for_age, stats.unaccounted) == (2, 2, 0)
    assert received(server) == [3]


def test_clock_that_was_not_set_yet_makes_nothing_old(tmp_path: Path, server: ScriptedServer) -> None:
    """A computer without a clock of its own begins in 1970, or in the year of its system, until it has a network."""
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, *range(100))
        sdk.close(0)
    for segment in tmp_path.rglob("*.segment"):
        os.utime(segment, (3600, 3600))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, spool_max_age=86_400.0, **SMALL) as sdk:
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.dropped) == (100, 0)


def leave_backlog(root: Path, segments: int = 6) -> int:
    """Leave several segments of logs behind; returns how many."""
    count = segments * 90
    with Sdk(TELEMETRY, uri=NOWHERE, spool=root, **SMALL) as sdk:
        for number in range(count):
            sdk.track(LogsFlow(log=f"{number}" + "x" * 1_200))
        sdk.close(0)
    return count


@pytest.mark.parametrize("order", ["fifo", "fresh_first"])
def test_fresh_data_waits_for_no_more_than_a_batch_where_that_is_chosen(
    tmp_path: Path, server: ScriptedServer, order: Any
) -> None:
    count = leave_backlog(tmp_path)
    server.script("ListIngestionConfigs", Answer(held=True))
    limits = BatchLimits(messages=50, interval=0.001)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, order=order, limits=limits, **SMALL) as sdk:
        server.wait_for_call("ListIngestionConfigs")
        track(sdk, *range(200))
        server.release()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.left) == (count + 200, 0)
        assert sdk.stats.unaccounted == 0
    kinds = [request.flow for request in server.acknowledged]
    last_fresh = max(at for at, kind in enumerate(kinds) if kind == "voltage")
    assert (last_fresh < 500) is (order == "fresh_first")
    fresh = [request.channel_values[0].int32 for request in server.acknowledged if request.flow == "voltage"]
    assert fresh == list(range(200))
    assert all(one < two for one, two in pairwise(_logs(server)))


def _logs(server: ScriptedServer) -> list[int]:
    texts = [request.channel_values[0].string for request in server.acknowledged if request.flow == "logs"]
    return [int(text.rstrip("x")) for text in texts]


class Disk:
    """What a power cut leaves: contents as of a file's last fdatasync, names as of a directory's last fsync."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.content: dict[int, bytes] = {}
        self.names: dict[str, int] = {}
        self.syncs = 0
        fdatasync, fsync = os.fdatasync, os.fsync

        def noted_fdatasync(descriptor: int) -> None:
            fdatasync(descriptor)
            size = os.fstat(descriptor).st_size
            self.content[os.fstat(descriptor).st_ino] = os.pread(descriptor, size, 0)
            self.syncs += 1

        def noted_fsync(descriptor: int) -> None:
            fsync(descriptor)
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if path.is_dir():
                self.names = {str(each): each.stat().st_ino for each in path.iterdir()}
            else:
                self.content[os.fstat(descriptor).st_ino] = path.read_bytes()

        monkeypatch.setattr(os, "fdatasync", noted_fdatasync)
        monkeypatch.setattr(os, "fsync", noted_fsync)

    def restore(self, spool: Path, into: Path) -> None:
        """Write what a power cut would have left."""
        for name, inode in self.names.items():
            target = into / Path(name).relative_to(spool)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.content.get(inode, b""))


def test_power_cut_takes_nothing_that_a_group_commit_came_after(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    spool, left = tmp_path / "spool", tmp_path / "left"
    with Sdk(TELEMETRY, uri=NOWHERE, spool=spool, durability="power", **SMALL) as sdk:
        for number in range(300):  # several segments
            sdk.track(LogsFlow(log=f"{number}" + "x" * 1_200))
        track(sdk, 1, 2, 3)
        before = disk.syncs
        wait_until(lambda: disk.syncs > before + 1)
        wait_until(lambda: not any(progress.is_unsynced for progress in sdk._spool._shelf.progress))
        disk.restore(spool, left)  # the power goes here
        sdk.close(0)
    with Sdk(TELEMETRY, uri=server.uri, spool=left, **SMALL) as sdk:
        wait_until(lambda: sdk.stats.acknowledged == 303)
        assert sdk.stats.damaged == 0
    assert received(server)[-3:] == [1, 2, 3]


def test_close_syncs_what_came_last(tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    spool, left = tmp_path / "spool", tmp_path / "left"
    sdk = Sdk(TELEMETRY, uri=NOWHERE, spool=spool, durability="power", **SMALL)
    track(sdk, 1, 2)
    sdk.close(0)
    disk.restore(spool, left)
    shutil.rmtree(spool)
    with Sdk(TELEMETRY, uri=server.uri, spool=left, **SMALL) as sdk:
        wait_until(lambda: sdk.stats.acknowledged == 2)
    assert received(server) == [1, 2]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("durability", "disk"), ("order", "lifo"), ("when_full", "panic"), ("spool_max_age", 0), ("spool_max_age", "1")],
)
def test_choices_that_do_not_exist_are_refused(setting: str, value: object) -> None:
    with pytest.raises(SettingsError, match=setting):
        Sdk(TELEMETRY, uri=NOWHERE, **{**SMALL, setting: value})


def test_vehicle_that_restarts_again_and_again_offline_keeps_what_little_it_tracks(
    tmp_path: Path, server: ScriptedServer
) -> None:
    """Each process begins a segment of an eighth of the spool, and hardly uses it."""
    room = {**SMALL, "spool_bytes": 16 * 65_536}
    copies = tmp_path / "copies"
    for number in range(40):
        with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path / "spool", **room) as sdk:
            track(sdk, number)
            (directory,) = (tmp_path / "spool").iterdir()
            shutil.copytree(directory, copies / f"{number}" / "left")  # as a kill leaves it
            sdk.close(0)
        shutil.rmtree(tmp_path / "spool")
        shutil.move(copies / f"{number}", tmp_path / "spool")
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path / "spool", **room) as sdk:
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.dropped, report.damaged) == (40, 0, 0)
    assert received(server) == list(range(40))


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_many_runs_offline_fill_no_spool(tmp_path: Path, server: ScriptedServer, where: str) -> None:
    """Each run begins a segment of its own."""
    spool = tmp_path if where == "disk" else None
    with Sdk(TELEMETRY, uri=NOWHERE, spool=spool, **{**SMALL, "spool_bytes": 16 * 65_536}) as sdk:
        for number in range(40):
            sdk.attach_run(f"run {number}")
            track(sdk, number)
        stats = sdk.stats
        assert (stats.in_spool, stats.dropped, stats.unaccounted) == (40, 0, 0)
        assert sdk.close(0).left == 40


@pytest.mark.parametrize("order", ["fifo", "fresh_first"])
def test_clock_that_leaps_and_steps_back_does_no_harm(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    hours = 0
    leaping = SimpleNamespace(**vars(time))  # ours alone: gRPC would compare the one with the other
    leaping.time = lambda: time.time() + 3600 * hours
    leaping.time_ns = lambda: time.time_ns() + 3600 * 10**9 * hours
    for module in ("holding", "left", "adoption", "dead_letters"):
        monkeypatch.setattr(f"sift_runtime._spool.{module}.time", leaping)
    choices = {**SMALL, "order": order, "spool_max_age": 60.0}
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **choices) as sdk:
        for hours in (0, 5, -5, 3):
            sdk.attach_run(f"run {hours}")  # in a segment of its own
            track(sdk, hours)
            age = sdk.stats.oldest_age
            assert age is not None
            assert 0 <= age < 60
        sdk.close(0)
    hours = -7  # what was left is from the future
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **choices) as sdk:
        track(sdk, 7)
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.left, report.dropped) == (5, 0, 0)
        assert sdk.stats.unaccounted == 0
    assert sorted(received(server)) == [-5, 0, 3, 5, 7]
