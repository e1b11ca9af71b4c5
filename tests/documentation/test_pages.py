"""What the pages show is what runs and what is generated."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from sift_codegen import GenerateRequest, generate
from sift_receiver import Receiver, ReceiverSettings
from sift_receiver.summary import summarise

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text("utf-8")
_NAMED_AS_ON_THE_PAGE: Final = """
asset_name: rover
flows:
  - name: readings
    channels:
      - {name: a.b, data_type: double}
      - {name: voltage, data_type: int32}
      - {name: state, data_type: enum, enum_types: [{name: "on!", key: 1}]}
"""


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("page", "flown"), [("README.md", "readings"), ("docs/runtime.md", "voltage"), ("docs/spool.md", "voltage")]
)
def test_the_flight_code_flies(tmp_path: Path, page: str, flown: str) -> None:
    store = tmp_path / "flight.duckdb"
    with Receiver(ReceiverSettings(store=store)) as receiver:
        code = python_blocks(ROOT / page)[0].replace("http://localhost:50051", receiver.uri).replace('"…"', '"key"')
        code = code.replace('Path("spool")', f"Path({str(tmp_path / 'spool')!r})")
        assert receiver.uri in code
        command = [sys.executable, "-c", code]
        subprocess.run(command, cwd=ROOT / "examples/generated", check=True, timeout=60)
    rows = {summary.flow: summary.rows for summary in summarise(store)}
    assert rows == {flow: int(flow == flown) for flow in ("readings", "voltage", "gpio_channel", "logs")}


_BEFORE: Final = """
import numpy
from sift_runtime import Sdk
from vehicle_telemetry import TELEMETRY, GpioElementColumns, ReadingsColumns, VehicleState, VoltageFlow
sdk, pins = Sdk(TELEMETRY, uri={uri!r}, api_key="key"), numpy.array([1, 255])
"""
_AFTER: Final = "\nassert sdk.close().acknowledged_all\n"


@pytest.mark.parametrize(
    ("what", "arrived"),
    [
        ("track_many(readings", {"voltage": 3}),
        ("track_columns", {"readings": 2}),
        ("stop_run()", {"voltage": 1}),
        ("track_values", {"voltage": 1}),
        ("create_flow", {"engine": 1}),
    ],
)
def test_the_fast_ways_of_the_runtimes_page_fly(tmp_path: Path, what: str, arrived: dict[str, int]) -> None:
    page = (ROOT / "docs/runtime.md").read_text("utf-8")
    (block,) = (block for block in re.findall(r"```py(?:thon|con)\n(.*?)```", page, re.DOTALL) if what in block)
    code = re.sub(r"(?m)^(>>>|\.\.\.) ?", "", block)
    with Receiver(ReceiverSettings(store=tmp_path / "flight.duckdb")) as receiver:
        command = [sys.executable, "-c", _BEFORE.format(uri=receiver.uri) + code + _AFTER]
        subprocess.run(command, cwd=ROOT / "examples/generated", check=True, timeout=60)
    rows = {summary.flow: summary.rows for summary in summarise(tmp_path / "flight.duckdb") if summary.rows}
    assert rows == arrived


_STAND: Final = """
asset_name: stand
flows: [{name: thrust, channels: [{name: force, data_type: double}]}]
"""


def test_the_group_of_the_runtimes_page_flies(tmp_path: Path) -> None:
    (code,) = (block for block in python_blocks(ROOT / "docs/runtime.md") if "SdkGroup(" in block)
    (tmp_path / "stand.yaml").write_text(_STAND)
    generate(GenerateRequest(config=tmp_path / "stand.yaml", output=tmp_path / "stand_telemetry"))
    with Receiver(ReceiverSettings(store=tmp_path / "flight.duckdb")) as receiver:
        code = code.replace("http://localhost:50051", receiver.uri)
        path = os.pathsep.join([str(tmp_path), str(ROOT / "examples/generated")])
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, check=True, timeout=60
        )
    rows = {summary.flow: summary.rows for summary in summarise(tmp_path / "flight.duckdb") if summary.rows}
    assert rows == {"voltage": 1, "thrust": 1}


def test_the_receiver_runs_embedded_as_its_page_says(tmp_path: Path) -> None:
    (code,) = python_blocks(ROOT / "docs/receiver.md")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("http://127.0.0.1:")
    assert (tmp_path / "flight.duckdb").exists()


def test_the_overrides_of_the_generators_page_are_read(tmp_path: Path) -> None:
    (extension,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/generator.md").read_text("utf-8"), re.DOTALL)
    config = tmp_path / "vehicle.yaml"
    config.write_text(_NAMED_AS_ON_THE_PAGE + extension)
    generate(GenerateRequest(config=config, output=tmp_path / "sdk"))
    flow = (tmp_path / "sdk/flows/motor_readings.py").read_text()
    assert "    a_b_2: float\n" in flow
    assert "    state: _enums.MotorState\n" in flow
    assert "    voltage: int | None = None\n" in flow
    assert "    on_now = 1\n" in (tmp_path / "sdk/enums/motor_state.py").read_text()


def test_the_generated_code_is_quoted_from_the_example() -> None:
    generated = (ROOT / "examples/generated/vehicle_telemetry/flows/readings.py").read_text("utf-8")
    assert python_blocks(ROOT / "README.md")[1] in generated


def test_every_link_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    for page in pages:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make (\w[\w-]*)", README):
        assert f"\n{target}:" in makefile, target


def test_the_figures_of_the_readme_are_those_of_the_benchmark() -> None:
    figures = set(re.findall(r"\| ([\d.,]+ (?:x|%|µs)) \|", (ROOT / "docs/benchmark.md").read_text("utf-8")))
    (section,) = re.findall(r"## How fast it is\n(.*?)\n## ", README, re.DOTALL)
    quoted = re.findall(r"[\d.,]+ (?:x|%|µs)", section)
    assert len(quoted) >= 9
    assert set(quoted) <= figures
