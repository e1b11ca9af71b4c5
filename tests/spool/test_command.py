"""sift-spool: ls, cat, verify, export and send, on what an Sdk has left."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sift_runtime import Sdk
from sift_runtime._spool_command import main
from tests.runtime.scripted_server import Answer, ScriptedServer
from vehicle_telemetry import TELEMETRY, VoltageFlow

from .conftest import NOWHERE, RunCommand, leave

PACKAGES = Path(__file__).parents[2] / "examples" / "generated"


def only_segment(root: Path, number: int = 0) -> Path:
    return sorted(root.rglob("*.segment"))[number]


def test_ls_says_what_is_left_and_for_what(tmp_path: Path, sift_spool: RunCommand) -> None:
    leave(tmp_path)
    told = sift_spool("ls", tmp_path)
    assert told.returncode == 0, told.stderr
    assert "(free)" in told.stdout
    assert "5 readings, 5 left, client key nostromo_lv_426, config not known yet" in told.stdout
    assert "2 readings, 2 left, client key nostromo_lv_426, config not known yet, run Hop 7" in told.stdout
    assert "left: 1 logs, 1 readings, 5 voltage; dead letters: 0" in told.stdout
    facts = json.loads(sift_spool("ls", "--json", tmp_path).stdout)
    assert facts[0]["left"] == {"voltage": 5, "readings": 1, "logs": 1}


def test_living_owner_is_seen_and_not_disturbed(tmp_path: Path, sift_spool: RunCommand) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        told = sift_spool("ls", tmp_path)
        assert "in use by a living process" in told.stdout
        assert "1 left" in told.stdout
        refused = sift_spool("send", "--uri", NOWHERE, tmp_path)
        assert refused.returncode == 2
        assert "in use by a living process" in refused.stderr
        sdk.close(0)
    assert "(free)" in sift_spool("ls", tmp_path).stdout


def test_cat_names_channels_labels_and_elements(tmp_path: Path, sift_spool: RunCommand) -> None:
    leave(tmp_path, 2)
    lines = sift_spool("cat", tmp_path).stdout.splitlines()
    assert lines[:2] == [f"1970-01-01T00:00:00.00000000{at}Z  voltage  voltage={at}" for at in (0, 1)]
    assert "vehicle_state='Stopped', gpio={'12v': 1, 'charge': 2, 'led': 3, 'heater': 0}" in lines[2]
    assert lines[3].endswith("logs  log='touched down'")
    one = json.loads(sift_spool("cat", "--json", "--flow", "readings", "--limit", "1", tmp_path).stdout)
    assert one["values"]["mainmotor.velocity"] == 1.5
    for file in tmp_path.rglob("registrations"):
        file.unlink()
    assert "voltage  #1=0" in sift_spool("cat", tmp_path).stdout
    named = sift_spool("cat", "--package", "vehicle_telemetry", tmp_path, PYTHONPATH=str(PACKAGES))
    assert named.stdout.splitlines() == lines


def test_cat_shows_dead_letters_with_the_servers_words(
    tmp_path: Path, server: ScriptedServer, sift_spool: RunCommand
) -> None:
    server.refuses = lambda request: request.channel_values[0].int32 == 2
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        for number in (1, 2, 3):
            sdk.track(VoltageFlow(voltage=number))
    told = sift_spool("cat", "--dead-letters", tmp_path).stdout
    assert told.count("\n") == 1
    assert "voltage=2  INVALID_ARGUMENT: channel 3 is a lie" in told
    assert "gone, acknowledged: 2 voltage" in sift_spool("ls", tmp_path).stdout
    assert "gone, rejected: 1 voltage" in sift_spool("ls", tmp_path).stdout


def test_verify_names_what_is_damaged(tmp_path: Path, sift_spool: RunCommand) -> None:
    leave(tmp_path)
    fine = sift_spool("verify", tmp_path)
    assert (fine.returncode, fine.stdout) == (0, "2 segments, 7 whole records, 0 damaged places\n")
    segment = only_segment(tmp_path)
    content = bytearray(segment.read_bytes())
    at = content.index(b"\x12\x07voltage")
    content[at] ^= 1
    segment.write_bytes(content)
    found = sift_spool("verify", tmp_path)
    assert found.returncode == 1
    assert f"{segment}: records 0 to 0 are damaged" in found.stdout
    assert "6 whole records, 1 damaged places" in found.stdout
    segment.write_bytes(b"\xff" * 8192 + content[8192:])
    assert "both copies of the header are damaged" in sift_spool("verify", tmp_path).stdout


def test_export_needs_ids_and_an_empty_folder(tmp_path: Path, sift_spool: RunCommand) -> None:
    spool, out = tmp_path / "spool", tmp_path / "out"
    leave(spool)
    unknown = sift_spool("export", "--pbfs", "-o", out, spool)
    assert unknown.returncode == 2
    assert "give it with --config-id" in unknown.stderr
    done = sift_spool("export", "--pbfs", "-o", out, "--config-id", "c", spool)
    assert done.returncode == 0, done.stderr
    assert "7 readings exported" in done.stdout
    assert "run 'Hop 7' was never created" in done.stderr
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in out.iterdir())
    assert "is not empty" in sift_spool("export", "--pbfs", "-o", out, "--config-id", "c", spool).stderr


def test_send_delivers_without_the_package(tmp_path: Path, server: ScriptedServer, sift_spool: RunCommand) -> None:
    leave(tmp_path)
    away = sift_spool("send", "--uri", NOWHERE, "--timeout", "0.5", tmp_path)
    assert (away.returncode, away.stdout) == (3, "0 acknowledged, 0 rejected, 7 left\n")
    sent = sift_spool("send", "--uri", server.uri, tmp_path)
    assert (sent.returncode, sent.stdout) == (0, "7 acknowledged, 0 rejected, 0 left\n"), sent.stderr
    assert [request.flow for request in server.acknowledged] == ["voltage"] * 5 + ["readings", "logs"]
    assert {request.run_id for request in server.acknowledged} == {"", server.runs[0].run_id}
    assert "left: nothing" in sift_spool("ls", tmp_path).stdout


def test_send_leaves_what_a_living_process_has_to_it(
    tmp_path: Path, server: ScriptedServer, sift_spool: RunCommand
) -> None:
    with Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=tmp_path) as living:
        living.track(VoltageFlow(voltage=1))
        leave(tmp_path)
        sent = sift_spool("send", "--uri", server.uri, tmp_path)
        assert (sent.returncode, sent.stdout) == (0, "7 acknowledged, 0 rejected, 0 left\n"), sent.stderr
        assert sent.stderr.count("in use by a living process") == 1
        living.close(0)


def test_send_says_by_its_status_that_something_is_left(
    tmp_path: Path, server: ScriptedServer, sift_spool: RunCommand
) -> None:
    leave(tmp_path)
    server.script("CreateRun", *[Answer(grpc.StatusCode.UNAVAILABLE, "not now")] * 100)
    told = sift_spool("send", "--uri", server.uri, "--timeout", "1.5", tmp_path)
    assert (told.returncode, told.stdout) == (3, "5 acknowledged, 0 rejected, 2 left\n"), told.stderr


def test_problems_are_told_in_one_line(tmp_path: Path, sift_spool: RunCommand) -> None:
    missing = sift_spool("ls", tmp_path / "nowhere")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    assert sift_spool("send", "--uri", NOWHERE, tmp_path).returncode == 2
    assert sift_spool().returncode == 2


def test_reader_that_has_seen_enough_gets_no_traceback(tmp_path: Path) -> None:
    leave(tmp_path, 5_000)
    command = [str(Path(sys.executable).parent / "sift-spool"), "cat", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("left")
    leave(root)
    return root


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_garbage_is_never_more_than_a_finding(
    left: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]
) -> None:
    segment = only_segment(left)
    original = segment.read_bytes()
    content = bytearray(original[: data.draw(st.integers(0, 9_000), "length")])
    for _ in range(data.draw(st.integers(0, 8), "flips")):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    segment.write_bytes(content)
    before = _everything_in(left)
    try:
        for command in ("ls", "cat", "verify"):
            assert main([command, str(left)]) in (0, 1)
        assert _everything_in(left) == before  # nothing was written
    finally:
        segment.write_bytes(original)
        capsys.readouterr()


def _everything_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
