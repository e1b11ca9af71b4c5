"""The same flight by the official clients and by ours, through one ingestion config, lies side by side and agrees."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import Sdk
from tests.peers.environment import peers_environment
from vehicle_telemetry import TELEMETRY, Gpio, ReadingsFlow, VehicleState

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = ROOT / "examples"
SCRIPTS: Final = Path(__file__).parent / "scripts"
HOUR_NS: Final = 3_600_000_000_000
START_NS: Final = 1_800_000_000_123_456_000
ROWS: Final = 60
READ: Final = """
    SELECT timestamp_ns, "mainmotor.velocity", voltage, vehicle_state, "vehicle_state.key",
           "gpio.12v", "gpio.charge", "gpio.led", "gpio.heater"
    FROM "NostromoLV426".readings WHERE timestamp_ns BETWEEN ? AND ? ORDER BY timestamp_ns
"""


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(ReceiverSettings(store=tmp_path / "flight.duckdb")) as running:
        yield running


def rows(start_ns: int) -> list[dict[str, Any]]:
    extremes = [0.0, -0.0, 5e-324, 1.7976931348623157e308, -1e-9, math.pi]
    return [
        {
            "time_ns": start_ns + number * 1_000_000,
            "velocity": extremes[number] if number < len(extremes) else number * 1.1,
            "voltage": (-(2**31), 2**31 - 1, -1, 0)[number] if number < 4 else number - 30,
            "state": number % 3,
            "gpio": number * 37 % 256,
        }
        for number in range(ROWS)
    ]


def fly_ours(uri: str, start_ns: int) -> None:
    with Sdk(TELEMETRY, uri=uri, api_key="key") as sdk:
        for row in rows(start_ns):
            flow = ReadingsFlow(
                mainmotor_velocity=row["velocity"],
                voltage=row["voltage"],
                vehicle_state=VehicleState(row["state"]),
                gpio=Gpio.unpack(bytes([row["gpio"]])),
            )
            sdk.track(flow, row["time_ns"])
        assert sdk.flush(30).acknowledged_all


def fly_theirs(script: str, directory: Path, start_ns: int, *words: str) -> None:
    path = directory / f"{script}.json"
    path.write_text(json.dumps(rows(start_ns)))
    command = [peers_environment().command("python"), str(SCRIPTS / script), *words, str(path)]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


def fly_sift_py(receiver: Receiver, directory: Path, start_ns: int) -> None:
    address = receiver.uri.removeprefix("http://")
    config = (str(EXAMPLES / "vehicle.yaml"), str(EXAMPLES / "named_expressions.yml"))
    fly_theirs("sift_py_flight.py", directory, start_ns, address, *config)


@pytest.mark.parametrize("ours_first", [True, False])
def test_official_and_our_rows_agree(receiver: Receiver, tmp_path: Path, *, ours_first: bool) -> None:
    """Whoever comes second reuses the ingestion config of the first."""
    starts = {"ours": START_NS, "sift_py": START_NS + HOUR_NS, "sift_stream": START_NS + 2 * HOUR_NS}
    if ours_first:
        fly_ours(receiver.uri, starts["ours"])
    fly_sift_py(receiver, tmp_path, starts["sift_py"])
    fly_theirs("sift_stream_flight.py", tmp_path, starts["sift_stream"], receiver.uri)
    if not ours_first:
        fly_ours(receiver.uri, starts["ours"])
    receiver.stop()

    with duckdb.connect(str(tmp_path / "flight.duckdb"), read_only=True) as store:
        landed = {
            who: [
                (time_ns - start, *map(repr, values))
                for time_ns, *values in store.execute(READ, [start, start + HOUR_NS // 2]).fetchall()
            ]
            for who, start in starts.items()
        }
        configs = store.execute("SELECT client_key FROM ingestion_configs").fetchall()
    assert len(landed["ours"]) == ROWS
    assert landed["ours"] == landed["sift_py"] == landed["sift_stream"]
    assert [key for (key,) in configs].count("nostromo_lv_426") == 1
