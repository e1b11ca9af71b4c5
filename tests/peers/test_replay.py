"""`sift-spool export --pbfs`: the official bindings replay the file, and what is in it arrives as it was tracked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

from faults.proxy import Proxy
from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import Sdk
from vehicle_telemetry import TELEMETRY, VoltageFlow

from .conftest import SCRIPTS
from .environment import peers_environment

KEY = "peer-key"
COUNT = 3_000
FIRST_TIME = 1_700_000_000_000_000_001


def receiver_on(store: Path) -> Receiver:
    return Receiver(ReceiverSettings(store=store, api_key=KEY))


def leave_behind(spool: Path, store: Path) -> None:
    """Register, and lose the server before anything is tracked."""
    with receiver_on(store) as receiver:
        uri = f"http://127.0.0.1:{receiver.port}"
        with Sdk(TELEMETRY, uri=uri, api_key=KEY, spool=spool) as sdk:
            sdk.connect(30)
    with Sdk(TELEMETRY, uri=uri, api_key=KEY, spool=spool) as sdk:
        for number in range(COUNT):
            sdk.track(VoltageFlow(voltage=number - 1_000), FIRST_TIME + number)
        assert sdk.close(0).left == COUNT


def export(spool: Path, folder: Path) -> Path:
    command = [str(Path(sys.executable).parent / "sift-spool"), "export", "--pbfs", "-o", str(folder), str(spool)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    # A backup is chunks, one behind the other, and so are several.
    whole = folder.with_suffix(".backup")
    whole.write_bytes(b"".join(file.read_bytes() for file in sorted(folder.iterdir())))
    return whole


def replay(file: Path, folder: Path, store: Path) -> None:
    python = str(peers_environment().command("python"))
    with receiver_on(store) as receiver, Proxy(receiver.port) as proxy:
        arguments = [proxy.uri.removeprefix("http://"), KEY, str(folder), str(file)]
        command = [python, "-W", "ignore", str(SCRIPTS / "replay_backup.py"), *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "replaced\n"
            proxy.cut()
            assert process.stdout.readline() == "replayed\n"


def test_the_bindings_replay_what_was_exported(tmp_path: Path) -> None:
    store, backups = tmp_path / "flight.duckdb", tmp_path / "backups"
    backups.mkdir()
    leave_behind(tmp_path / "spool", store)
    replay(export(tmp_path / "spool", tmp_path / "exported"), backups, store)
    with duckdb.connect(str(store), read_only=True) as connection:
        found = connection.execute(
            f'SELECT timestamp_ns, voltage FROM "{TELEMETRY.asset_name}"."voltage" ORDER BY timestamp_ns'
        ).fetchall()
    assert found == [(FIRST_TIME + number, number - 1_000) for number in range(COUNT)]
