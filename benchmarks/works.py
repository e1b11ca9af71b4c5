"""The works: flows of 3, 50 and 200 double channels, and the example's mixed flow; generated before each run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from benchmarks import user_code
from benchmarks.clients.rows import NOSTROMO
from benchmarks.plan import WORKS
from sift_codegen import GenerateRequest, SideInputs, generate

__all__ = ["ROOT", "make_packages"]

ROOT: Final = Path(__file__).parents[1]


def make_packages(folder: Path) -> None:
    """Generate each work's package, and the flight code that uses it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for channels in (int(work) for work in WORKS if work != NOSTROMO):
        name = f"doubles_{channels}"
        config = folder / f"{name}.yaml"
        config.write_text(_doubles_config(channels))
        generate(GenerateRequest(config=config, output=folder / name))
        (folder / f"{name}_flight.py").write_text(user_code.doubles(name, channels).text())
    generate(
        GenerateRequest(
            config=ROOT / "examples/vehicle.yaml",
            output=folder / "vehicle_telemetry",
            side_inputs=SideInputs(named_expressions=(ROOT / "examples/named_expressions.yml",)),
        )
    )
    (folder / "vehicle_telemetry_flight.py").write_text(user_code.vehicle("vehicle_telemetry").text())


def _doubles_config(channels: int) -> str:
    lines = "".join(f"      - {{name: c{number}, data_type: double}}\n" for number in range(channels))
    return f"asset_name: rover\ningestion_client_key: benchmark\nflows:\n  - name: readings\n    channels:\n{lines}"
