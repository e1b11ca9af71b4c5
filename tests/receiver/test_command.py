"""The `sift-receiver` command as its users run it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import grpc
import pytest

from sift_runtime.messages import channel_types_pb2 as types

from .client import Client, Value, channel, flow, request, status_of
from .process import COMMAND, running

BITS = [
    types.ChannelBitFieldElement(name="ready", index=0, bit_count=1),
    types.ChannelBitFieldElement(name="level", index=1, bit_count=7),
]
FLOW = flow(
    "readings",
    channel("velocity", types.CHANNEL_DATA_TYPE_DOUBLE, unit="m/s"),
    channel(
        "mode",
        types.CHANNEL_DATA_TYPE_ENUM,
        enum_types=[types.ChannelEnumType(name="CRUISE", key=1), types.ChannelEnumType(name="IDLE", key=0)],
    ),
    channel("bits", types.CHANNEL_DATA_TYPE_BIT_FIELD, bit_field_elements=BITS),
    channel("note", types.CHANNEL_DATA_TYPE_STRING),
)


def fly(client: Client) -> None:
    config_id = client.create_config([FLOW], client_key="k1", asset="Nostromo LV426").ingestion_config_id
    rows = [(1.5, 0, b"\x03", "a"), (float("nan"), 1, b"\x08", "b\x1b[31m"), (-2.5, 1, b"\x05", "last")]
    requests = []
    for second, (velocity, mode, bits, note) in enumerate(rows):
        values = [Value(double=velocity), Value(enum=mode), Value(bit_field=bits), Value(string=note)]
        message = request(config_id, "readings", values)
        message.timestamp.seconds += second
        requests.append(message)
    client.stream([*requests, request(config_id, "readings", [])])


def run(*arguments: str, shell: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [shell] if shell else [*COMMAND, *arguments]
    return subprocess.run(
        command[0] if shell else command, shell=bool(shell), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_one_line_serves_and_stops_at_a_signal(tmp_path: Path, number: int) -> None:
    store = tmp_path / "flight.duckdb"
    with running(store) as receiver:
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", receiver.first_line)
        with receiver.client() as client:
            fly(client)
            wal = store.with_name("flight.duckdb.wal")
            assert wal.stat().st_mode & 0o077 == 0
            assert receiver.stop(number) == (0, "", "")
    assert not wal.exists()


def test_it_takes_the_key_from_the_environment(tmp_path: Path) -> None:
    key = {"SIFTCODEGEN_RECEIVER_API_KEY": "s3cret"}
    with running(tmp_path / "flight.duckdb", environment=key) as receiver:
        with receiver.client("s3cret") as client:
            client.ping()
        with receiver.client() as client:
            assert status_of(client.ping)[0] is grpc.StatusCode.UNAUTHENTICATED
        assert receiver.stop() == (0, "", "")


def test_it_shows_what_arrived_and_how_to_look_further(tmp_path: Path) -> None:
    store = tmp_path / "flight.duckdb"
    with running(store) as receiver:
        with receiver.client() as client:
            fly(client)
        busy = run("show", str(store))
        assert (busy.returncode, "stop that first" in busy.stderr) == (2, True)
        receiver.stop()
    shown = run("show", str(store))
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = [re.split(r"\s{2,}", line.strip()) for line in shown.stdout.splitlines()]
    assert lines[:9] == [
        ['Nostromo LV426 / readings: 3 rows in "Nostromo LV426"."readings"'],
        ["first 2023-11-14 22:13:20.123456789, last 2023-11-14 22:13:22.123456789 (UTC)"],
        ["channel", "type", "unit", "min", "max", "last", "labels seen"],
        lines[3],
        ["velocity", "double", "m/s", "-2.5", "1.5", "-2.5"],
        ["mode", "enum", "-", "-", "CRUISE", "IDLE, CRUISE"],
        ["bits", "bit_field", "-", "-", "0x05"],
        [".ready", "0", "1", "1"],
        [".level", "1", "4", "2"],
    ]
    assert ["note", "string", "-", "-", "last"] in lines
    assert any("wrong_count: 1" in line for line in shown.stdout.splitlines())
    further = run(shell=shown.stdout.splitlines()[-1].strip())
    assert (further.returncode, further.stderr) == (0, "")
    assert "-2.5" in further.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "--store is missing"),
        (("--store", "x.duckdb", "--tls-key", os.devnull), "--tls-certificate and --tls-key belong together"),
        (("--store", "x.duckdb", "--api-key", " "), "the API key is empty"),
        (("--store", "/nonexistent/x.duckdb"), "store /nonexistent/x.duckdb cannot be opened"),
        (("show", "/nonexistent/x.duckdb"), "does not exist"),
        (("--port", "70000", "--store", "x.duckdb"), "70000"),
    ],
)
def test_a_wrong_call_is_a_usage_error_without_traceback(arguments: tuple[str, ...], expected: str) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_a_taken_port_is_an_error(tmp_path: Path) -> None:
    with running(tmp_path / "flight.duckdb") as receiver:
        port = receiver.address.rpartition(":")[2]
        result = run("--port", port, "--store", str(tmp_path / "other.duckdb"))
    assert result.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
