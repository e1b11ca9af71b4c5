"""Disks that fill up, break or vanish: data goes on in memory, and comes back to disk by itself."""

from __future__ import annotations

import errno
import gc
import json
import logging
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sift_runtime import BatchLimits, Sdk, SettingsError, Stats
from sift_runtime._checked_lines import append_lines
from sift_runtime._spool import directory as directories
from sift_runtime._spool import maker
from sift_runtime._spool.layout import HEADERS_SIZE, read_header
from sift_runtime._spool.ledger import LedgerFile
from sift_runtime._spool.loaded import load
from sift_runtime._spool.reservation import map_file
from sift_runtime._spool.settlements import Outcome
from tests.runtime.flows import received, track
from tests.runtime.scripted_server import Answer, ScriptedServer
from tests.runtime.waiting import DEADLINE, finish, wait_until
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow

from .conftest import NOWHERE, leave

SMALL: dict[str, Any] = {"api_key": "key", "spool_bytes": 2_000_000}
TROUBLES = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EFBIG]


def fill(sdk: Sdk[AnyFlow], first: int, count: int = 400) -> None:
    """Track half a megabyte, several segments of a small spool."""
    for number in range(first, first + count):
        sdk.track(LogsFlow(log=f"{number:05}" + "x" * 1_200))


def arrived(server: ScriptedServer) -> list[int]:
    return [int(request.channel_values[0].string[:5]) for request in server.acknowledged]


def assert_whole(stats: Stats) -> None:
    assert stats.unaccounted == 0
    gone = stats.acknowledged + stats.in_spool + stats.rejected + stats.dropped + stats.damaged
    assert stats.tracked + stats.adopted == gone


@pytest.mark.parametrize("trouble", TROUBLES, ids=errno.errorcode.get)
def test_trouble_is_told_once_and_costs_nothing(
    tmp_path: Path, server: ScriptedServer, disk: list[int], trouble: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.script_ingest(Answer(held=True))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0)
        assert sdk.stats.degraded is None
        disk.append(trouble)
        fill(sdk, 400)
        assert os.strerror(trouble) in str(sdk.stats.degraded)
        disk.clear()
        fill(sdk, 800)
        assert sdk.stats.degraded is None
        assert_whole(sdk.stats)
        server.release()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.dropped) == (1_200, 0)
        assert_whole(sdk.stats)
    assert arrived(server) == list(range(1_200))
    told = [record.getMessage() for record in caplog.records if "spool" in record.getMessage()]
    assert len(told) == 2
    assert "goes on in memory" in told[0]
    assert "on disk again" in told[1]


def test_what_the_disk_could_not_take_gets_there_once_it_can(
    tmp_path: Path, server: ScriptedServer, disk: list[int]
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0)
        disk.append(errno.ENOSPC)
        fill(sdk, 400, 200)
        assert 0 < sdk.stats.in_memory <= 200
        disk.clear()
        fill(sdk, 600, 100)
        while sdk.stats.in_memory:
            assert "in memory still" in str(sdk.stats.degraded)
            fill(sdk, sdk.stats.tracked, 100)  # which takes new segments, and moves a segment with each
        assert sdk.stats.degraded is None
        assert_whole(sdk.stats)
        assert sdk.stats.dropped == 0
        report = sdk.close(0)
        count = sdk.stats.tracked
        assert (report.left, report.in_memory) == (count, 0)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.damaged, report.left) == (count, 0, 0)
    assert sorted(arrived(server)) == list(range(count))


def test_close_moves_what_is_in_memory_to_a_disk_that_has_room_again(
    tmp_path: Path, server: ScriptedServer, disk: list[int]
) -> None:
    """What was acknowledged of it meanwhile is not sent again."""
    limits = BatchLimits(messages=20)
    server.script_ingest(Answer(), Answer(), Answer(held=True))
    disk.append(errno.ENOSPC)
    sdk = Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, limits=limits, **SMALL)
    fill(sdk, 0, 60)
    server.wait_for(lambda: len(server.streams) == 3)
    acknowledged = sdk.stats.acknowledged
    assert 20 < acknowledged < 60
    disk.clear()
    report = finish(lambda: sdk.close(0))
    assert (report.acknowledged, report.left, report.in_memory) == (acknowledged, 60 - acknowledged, 0)
    server.release()
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.left) == (60 - acknowledged, 0)
    assert sorted(set(arrived(server))) == list(range(60))
    assert set(arrived(server)[acknowledged:]) == set(range(acknowledged, 60))


def test_report_tells_what_no_disk_took(tmp_path: Path, disk: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(directories, "write_copy", full)
    disk.append(errno.ENOSPC)
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0, 10)
        report = sdk.close(0)
        assert (report.left, report.in_memory) == (10, 10)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files are open")
def test_closed_spool_holds_no_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("sift_runtime"), "disabled", True)  # what is captured has the Sdk
    for _ in range(3):
        _fly(tmp_path)
    gc.collect()  # the Sdk's memory is mapped for as long as its stats can be asked for
    assert not [path for path in map(_target, Path("/proc/self/fd").iterdir()) if str(tmp_path) in path]


def _fly(spool: Path) -> None:
    sdk = Sdk(TELEMETRY, uri=NOWHERE, spool=spool, **SMALL)
    track(sdk, 1)
    sdk.close(0)


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # that which the folder was read by
        return ""


def test_memory_is_bounded_too_and_the_oldest_in_it_make_room(
    tmp_path: Path, server: ScriptedServer, disk: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that is broken, what is on it already is not given up for nothing."""
    monkeypatch.setattr("sift_runtime._spool.holding._MEMORY_IN_TROUBLE", 400_000)
    server.script_ingest(Answer(held=True))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0)
        disk.append(errno.EIO)
        fill(sdk, 400, 800)
        stats = sdk.stats
        assert stats.dropped_oldest > 0
        assert_whole(stats)
        assert stats.spool_bytes <= SMALL["spool_bytes"]
        server.release()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert report.acknowledged + report.dropped == 1_200
    numbers = arrived(server)
    assert numbers[:380] == list(range(380))  # all of the segments that were whole on disk
    assert numbers[-1] == 1_199


def test_disk_that_is_full_gives_its_oldest_segments_for_new_ones(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Room for four segments, wherever they come from; and not a byte of memory."""
    monkeypatch.setattr("sift_runtime._spool.holding._MEMORY_IN_TROUBLE", 0)
    monkeypatch.setattr(maker, "_AGAIN_SECONDS", 0.0)

    def reserved(path: Path, size: int) -> Any:
        if len(list(path.parent.glob("*.segment"))) >= 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return map_file(path, size)

    monkeypatch.setattr(directories, "map_file", reserved)
    server.script_ingest(Answer(held=True))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0, 1_200)
        stats = sdk.stats
        assert 0 < stats.dropped_oldest < 1_200
        assert_whole(stats)
        server.release()
        assert finish(lambda: sdk.flush(DEADLINE)).left == 0
        assert_whole(sdk.stats)
    assert arrived(server)[-1] == 1_199


def test_directory_that_vanishes_is_made_again(tmp_path: Path, server: ScriptedServer) -> None:
    root = tmp_path / "spool"
    server.script_ingest(Answer(held=True))
    with Sdk(TELEMETRY, uri=server.uri, spool=root, **SMALL) as sdk:
        fill(sdk, 0)
        server.wait_for_call("IngestWithConfigDataStream")  # the registration's file is written
        shutil.rmtree(root)
        fill(sdk, 400)
        assert list(root.rglob("*.segment"))
        server.release()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged + report.damaged, report.left) == (800, 0)
        assert report.acknowledged > 450  # all but what had been put away, on files that are gone
        assert_whole(sdk.stats)


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_disk_in_trouble_keeps_no_vehicle_from_flying(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    def no_directory(path: Path, *_: object, **__: object) -> None:
        raise OSError(trouble, os.strerror(trouble), str(path))

    monkeypatch.setattr(Path, "mkdir", no_directory)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path / "spool", **SMALL) as sdk:
        assert os.strerror(trouble) in str(sdk.stats.degraded)
        track(sdk, 1, 2)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert received(server) == [1, 2]


def test_path_that_is_wrong_is_told_to_its_user(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingsError, match="cannot be used as a directory"):
        Sdk(TELEMETRY, uri=NOWHERE, spool=file, **SMALL)


def test_what_is_refused_is_not_given_up_before_it_is_kept(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError(errno.ENOSPC, "no room")] * 3  # the first try of each two, and the one into the reserve

    def full(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        append_lines(*arguments)

    monkeypatch.setattr("sift_runtime._spool.dead_letters.append_lines", full)
    monkeypatch.setattr("sift_runtime._delivery.shipping._HOLD_SECONDS", 0.01)
    server.refuses = lambda request: request.channel_values[0].int32 == 2
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2, 3)
        assert finish(lambda: sdk.flush(DEADLINE)).rejected == 1
        assert_whole(sdk.stats)
        assert sdk.stats.sender_restarts == 0
    assert set(received(server)) == {1, 3}


def test_what_is_refused_has_room_on_a_full_disk(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a disk that the spool itself has filled would never be emptied."""

    def full(path: Path, lines: Any) -> None:
        if path.with_name("dead-letters.reserve").exists():
            raise OSError(errno.ENOSPC, "no room")
        append_lines(path, lines)

    monkeypatch.setattr("sift_runtime._spool.dead_letters.append_lines", full)
    server.refuses = lambda request: request.channel_values[0].int32 == 2
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        (reserve,) = tmp_path.rglob("*.reserve")
        assert reserve.stat().st_blocks * 512 >= reserve.stat().st_size > 0
        track(sdk, 1, 2, 3)
        assert finish(lambda: sdk.flush(DEADLINE)).rejected == 1
        assert not reserve.exists()
    assert len(list(tmp_path.rglob("dead-letters"))) == 1
    assert not list(tmp_path.rglob("*.reserve"))


def test_settlements_that_cannot_be_written_cost_a_second_delivery_at_most(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name.endswith((".settled", "ledger")):
            raise OSError(errno.ENOSPC, "no room")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    caplog.set_level(logging.WARNING, "sift_runtime")
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2, 3)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
        assert sdk.stats.sender_restarts == 0
    assert received(server) == [1, 2, 3]


def test_damaged_records_are_set_aside_and_named(
    tmp_path: Path, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2, 3)
        sdk.close(0)
    (segment,) = tmp_path.rglob("*.segment")
    content = bytearray(segment.read_bytes())
    content[content.index(b"\x12\x07voltage")] ^= 1
    segment.write_bytes(content)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        wait_until(lambda: sdk.stats.acknowledged == 2)
        stats = sdk.stats
        assert (stats.adopted, stats.damaged, stats.unaccounted) == (3, 1, 0)
    assert received(server) == [2, 3]
    (damaged,) = tmp_path.rglob("*.damaged")
    assert damaged.stat().st_mode & 0o777 == 0o600
    assert f"set aside in {damaged}" in caplog.text


def _flip(content: bytearray) -> None:
    content[content.index(b"\x12\x04logs") + 3] ^= 1


def _forget_the_last(content: bytearray) -> None:
    words = read_header(bytes(content[:HEADERS_SIZE]))
    assert words is not None
    used = len(bytes(content[HEADERS_SIZE : words.layout.payload_start]).rstrip(b"\0"))
    content[HEADERS_SIZE + used - 40 : HEADERS_SIZE + used] = bytes(40)


def _lose_the_header(content: bytearray) -> None:
    content[:HEADERS_SIZE] = b"\xff" * HEADERS_SIZE


def _cut(content: bytearray) -> None:
    del content[HEADERS_SIZE + 80 :]


@pytest.mark.parametrize("damage", [_flip, _forget_the_last, _lose_the_header, _cut])
def test_what_is_damaged_after_it_was_put_away_is_counted_under_its_flow(
    tmp_path: Path, server: ScriptedServer, damage: Callable[[bytearray], None]
) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0)
        put_away = next(each for each in sdk._spool._shelf.progress if each.records is None)
        (segment,) = tmp_path.rglob(f"*{put_away.number:010}.segment")
        content = bytearray(segment.read_bytes())
        damage(content)
        segment.write_bytes(content)
        server.release()
        report = finish(lambda: sdk.flush(DEADLINE))
        stats = sdk.stats
        assert_whole(stats)
        assert report.damaged > 0
        assert (report.left, report.acknowledged + report.damaged) == (0, 400)
        logs = stats.flows["logs"]
        assert (logs.tracked, logs.in_spool, logs.acknowledged) == (400, 0, report.acknowledged)
        assert logs.damaged == report.damaged
        assert sum(flow.damaged for flow in stats.flows.values()) == report.damaged
        assert stats.sender_restarts == 0
    assert len(set(arrived(server))) == report.acknowledged
    assert json.dumps(report.damaged) in next(tmp_path.rglob("ledger")).read_text()


def test_what_is_dropped_while_it_is_read_again_is_counted_once(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        fill(sdk, 0)
        sdk.close(0)
    flooded: list[Path] = []

    def load_while_others_track(path: Path, number_of: Any) -> Any:
        if not flooded and threading.current_thread().name == "sift-sender":
            flooded.append(path)
            fill(sdk, 400, 2_000)  # drops all that was left, this segment included
        return load(path, number_of)

    monkeypatch.setattr(directories, "load", load_while_others_track)
    server.script_ingest(Answer(held=True))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        wait_until(lambda: sdk.stats.tracked == 2_000)
        server.release()
        finish(lambda: sdk.flush(DEADLINE))
        stats = sdk.stats
        assert (stats.damaged, stats.adopted) == (0, 400)
        assert stats.dropped_oldest >= 400
        assert_whole(stats)
        assert stats.sender_restarts == 0
    assert flooded
    assert not flooded[0].exists()


def test_segment_that_cannot_be_read_is_tried_again_by_itself(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2)
        sdk.close(0)
    failures = [OSError(errno.EIO, "no sector")] * 2

    def broken(path: Path, number_of: Any) -> Any:
        if failures:
            raise failures.pop()
        return load(path, number_of)

    monkeypatch.setattr(directories, "load", broken)
    monkeypatch.setattr("sift_runtime._spool.progress._AGAIN_SECONDS", 0.05)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        wait_until(lambda: sdk.stats.acknowledged == 2)  # nobody tracks, nobody flushes
    assert received(server) == [1, 2]


def test_settlement_that_was_cut_short_spoils_none_of_the_next_process(tmp_path: Path, server: ScriptedServer) -> None:
    """Killed twice: after the first, half an entry is there; what the second has noted is not sent a third time."""
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2, 3)
        sdk.close(0)
    (segment,) = tmp_path.rglob("*.segment")
    segment.with_suffix(".settled").write_bytes(b"torn")
    limits = BatchLimits(messages=1)
    server.script_ingest(Answer(), Answer(held=True))
    sdk = Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, limits=limits, **SMALL)
    wait_until(lambda: sdk.stats.acknowledged == 1)
    copy = shutil.copytree(segment.parent, tmp_path.parent / "copy" / "left")  # as a kill would leave it
    server.release()
    sdk.close(DEADLINE)
    assert segment.with_suffix(".settled").name in {path.name for path in copy.iterdir()}
    with Sdk(TELEMETRY, uri=server.uri, spool=copy.parent, **SMALL) as sdk:
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == 2
    assert received(server) == [1, 2, 3, 2, 3]


def test_directories_that_children_have_left_empty_are_folded_into_one(tmp_path: Path, server: ScriptedServer) -> None:
    sdks = [Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) for _ in range(3)]
    for number, sdk in enumerate(sdks):
        track(sdk, number)
        sdk.close(DEADLINE)
    sdks[0].close()
    assert len(list(tmp_path.iterdir())) == 3
    for directory in tmp_path.iterdir():
        assert not list(directory.glob("*.segment"))
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 3)
    (left,) = tmp_path.iterdir()
    counts = LedgerFile(left / "ledger").read().counts
    assert counts == {Outcome.ACKNOWLEDGED: {"voltage": 4}}


@pytest.mark.parametrize("call", ["fdatasync", "dup"])
def test_disk_that_does_not_sync_does_not_keep_an_sdk_from_closing(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, call: str
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "no sector")

    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, durability="power", **SMALL) as sdk:
        monkeypatch.setattr(f"sift_runtime._spool.syncing.os.{call}", broken)
        track(sdk, 1)
        assert sdk.close(0).left == 1
    monkeypatch.undo()
    assert "could not be synced at its end" in caplog.text
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == 1


def test_index_without_its_payload_takes_no_longer_than_the_rest(tmp_path: Path, server: ScriptedServer) -> None:
    """As after a power cut: blocks that were reserved and not written back read as zeroes."""
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path) as sdk:
        track(sdk, *range(40_000))
        sdk.close(0)
    path = max(tmp_path.glob("*/*.segment"), key=lambda path: path.stat().st_size)
    assert path == max(tmp_path.glob("*/*.segment")), "nothing is behind it"
    content = bytearray(path.read_bytes())
    header = read_header(bytes(content[:HEADERS_SIZE]))
    assert header is not None
    start = header.layout.payload_start + 4096
    content[start:] = bytes(len(content) - start)
    path.write_bytes(content)
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        track(sdk, -1)
        report = finish(lambda: sdk.flush(DEADLINE))
    kept = received(server)[:-1]
    assert kept == list(range(len(kept)))
    assert (report.left, report.damaged, report.acknowledged) == (0, 40_000 - len(kept), len(kept) + 1)


def test_stray_files_in_the_folder_are_no_matter(tmp_path: Path, server: ScriptedServer) -> None:
    leave(tmp_path)
    (tmp_path / "README").write_text("not a spool directory", "utf-8")
    (tmp_path / "lost+found").mkdir(mode=0o000)
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == 7


def test_directory_that_cannot_be_read_keeps_no_vehicle_from_flying(tmp_path: Path, server: ScriptedServer) -> None:
    leave(tmp_path)
    (segment,) = tmp_path.glob("*/*1.segment")
    (segment.parent / "ledger").unlink(missing_ok=True)
    (segment.parent / "ledger").mkdir()
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        assert sdk.stats.degraded
        track(sdk, 1)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged == 1
    assert segment.exists()


def test_looking_at_a_closed_sdk_takes_nothing_from_who_comes_after(tmp_path: Path) -> None:
    old = Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path, spool_max_age=0.000001)
    leave(tmp_path / "other")
    track(old, *range(100))
    old.close(0)
    before = old.stats.in_spool
    files = sorted(path.name for path in tmp_path.rglob("*.segment"))
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path) as new:
        assert old.stats.in_spool == before
        assert [name for name in files if name not in {path.name for path in tmp_path.rglob("*.segment")}] == []
        new.close(0)
