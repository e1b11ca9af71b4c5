"""What earlier processes have left: told before it is read, and read only when it can be sent."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from sift_runtime import Sdk
from sift_runtime._checked_lines import append_lines, read_lines, write_lines
from sift_runtime._registration.saved import RegistrationFile, SavedRegistrations, read_registrations
from sift_runtime._spool.ledger import LedgerFile
from sift_runtime._spool.settlements import Outcome
from sift_runtime.messages import ingestion_configs_pb2 as configs
from tests.runtime.flows import received, track
from tests.runtime.scripted_server import Answer, ScriptedServer
from tests.runtime.waiting import DEADLINE, finish, wait_until
from vehicle_telemetry import TELEMETRY, LogsFlow

from .conftest import NOWHERE

SMALL: dict[str, Any] = {"api_key": "key", "spool_bytes": 2_000_000}


def test_what_was_left_is_in_the_report_before_it_is_read(tmp_path: Path, server: ScriptedServer) -> None:
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, *range(1_000))
        assert sdk.close(0).left == 1_000
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        stats = sdk.stats
        assert stats.adopted + stats.unread == 1_000
        assert stats.oldest_age is not None
        for report in (sdk.flush(0), sdk.close(0)):
            assert (report.acknowledged_all, report.left, report.in_memory) == (False, 1_000, 0)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged_all, report.left, sdk.stats.unread) == (True, 0, 0)


def test_report_tells_what_is_lost_with_the_process() -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key") as sdk:
        track(sdk, 1, 2)
        report = sdk.close(0)
        assert (report.left, report.in_memory) == (2, 2)


def test_age_is_that_of_the_oldest_reading_and_not_of_its_segment(tmp_path: Path, server: ScriptedServer) -> None:
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1)
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
        assert not sdk.stats.in_spool
        wait_until(lambda: sdk._spool._idle)
        sdk._spool._shelf.progress[-1].since -= 3_600  # the segment was begun an hour ago
        server.script_ingest(Answer(held=True))
        track(sdk, 2)
        server.wait_for_read(1, stream=1)
        track(sdk, 3)
        age = sdk.stats.oldest_age
        assert age is not None
        assert 0 <= age < 1_800
        server.release()
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all


def _rewrite(segment: Path, version: int = 1, **more: str) -> None:
    """Write both copies of a header anew."""
    content = bytearray(segment.read_bytes())
    text = json.dumps(json.loads(content[52 : 52 + int.from_bytes(content[44:52], "little")]) | more).encode()
    checked = version.to_bytes(4, "little") + content[16:44] + len(text).to_bytes(8, "little") + text
    block = bytes(content[:8]) + crc32(checked).to_bytes(4, "little") + checked
    content[:8192] = 2 * block.ljust(4096, b"\0")
    segment.write_bytes(content)


def test_what_a_later_version_adds_is_passed_over(tmp_path: Path, server: ScriptedServer) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        sdk.attach_run("Hop 7")
        track(sdk, 1, 2)
        sdk.close(0)
    for segment in tmp_path.rglob("*.segment"):
        _rewrite(segment, mood="sunny")
    (registrations,) = tmp_path.rglob("registrations")
    lines = [{**line, "mood": "sunny"} for line in read_lines(registrations)]
    write_lines(registrations, [{**line, "request": _more(line.get("request"))} for line in lines])
    ledger: list[dict[str, Any]] = [{"mood": "sunny"}, {"segments": [], "counts": {"EVAPORATED": {"voltage": 3}}}]
    append_lines(registrations.with_name("ledger"), ledger)
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert received(server) == [1, 2]


def _more(request: object) -> object:
    return {**request, "mood": "sunny"} if isinstance(request, dict) else request


def test_segment_of_a_later_version_is_left_alone(
    tmp_path: Path, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 1, 2)
        sdk.close(0)
    (segment,) = tmp_path.rglob("*.segment")
    _rewrite(segment, version=2)
    before = segment.read_bytes()
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        track(sdk, 3)
        wait_until(lambda: sdk.stats.acknowledged == 1)
        wait_until(lambda: "is of a later version" in caplog.text)
    assert segment.read_bytes() == before
    assert received(server) == [3]


def test_registration_that_could_not_be_written_is_written_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError(errno.ENOSPC, "no room")]

    def full(path: Path, lines: Any) -> None:
        if failures:
            raise failures.pop()
        append_lines(path, lines)

    monkeypatch.setattr("sift_runtime._registration.saved.append_lines", full)
    file = RegistrationFile(tmp_path)
    file.keep_config_id("here", "schema", "config-1", "error")
    file.keep_run_id("here", "hop-7", "run-1")
    file.keep_run_id("here", "hop-8", "run-2")
    saved = SavedRegistrations()
    read_registrations(tmp_path, saved)
    assert saved.config_ids == {("here", "schema"): "config-1"}
    assert saved.run_ids == {("here", "hop-7"): "run-1", ("here", "hop-8"): "run-2"}
    assert len(list(read_lines(tmp_path / "registrations"))) == 3


def test_what_was_turned_away_is_in_the_ledger_on_disk(tmp_path: Path) -> None:
    room = {**SMALL, "spool_bytes": 200_000, "when_full": "drop_newest"}
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **room) as sdk:
        for number in range(400):
            sdk.track(LogsFlow(log=f"{number}" + "x" * 1_200))
        sdk.close(0)
        turned_away = sdk.stats.dropped_newest
    assert turned_away > 0
    (ledger,) = tmp_path.rglob("ledger")
    assert LedgerFile(ledger).read().counts[Outcome.DROPPED_NEWEST] == {"logs": turned_away}


def test_backlog_that_is_held_takes_no_memory(
    tmp_path: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its schema is refused, as channels have another type there, until somebody mends that."""
    monkeypatch.setattr("sift_runtime._delivery.registering._AGAIN_SECONDS", 0.05)
    with Sdk(TELEMETRY, uri=NOWHERE, spool=tmp_path, **SMALL) as sdk:
        for number in range(800):
            sdk.track(LogsFlow(log=f"{number}" + "x" * 1_200))
        sdk.close(0)
    key = TELEMETRY.client_key
    server.configs[key] = configs.IngestionConfig(ingestion_config_id="config-x", client_key=key)
    server.flows["config-x"] = [configs.FlowConfig(name="voltage", channels=[configs.ChannelConfig(name="other")])]
    with Sdk(TELEMETRY, uri=server.uri, spool=tmp_path, **SMALL) as sdk:
        left = [progress for progress in sdk._spool._shelf.progress if progress.is_adopted]
        assert len(left) > 5
        for times in range(3, 6):
            server.wait_for_call("ListIngestionConfigFlows", times)
            assert sum(progress.records is not None for progress in left) <= 1
        server.configs.clear()
        report = finish(lambda: sdk.flush(DEADLINE))
        assert (report.acknowledged, report.left) == (800, 0)
        assert sdk.stats.unaccounted == 0
    assert len(server.acknowledged) == 800
