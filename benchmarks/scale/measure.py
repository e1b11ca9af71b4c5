"""The measurements of one size."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.scale.config import CHANNELS_PER_FLOW, config_text
from benchmarks.scale.processes import Cost, cost_of, printed_by
from benchmarks.works import ROOT

__all__ = ["Plan", "measure"]

_PEERS_PYTHON: Final = ROOT / ".venv-peers" / "bin" / "python"
_PACKAGE: Final = "scale_telemetry"
_IMPORTS: Final = """
import time, sys
begin = time.process_time()
import sift_runtime.generated, sift_runtime.messages.ingest_pb2
loaded = time.process_time()
exec(sys.argv[1])
print(1000 * (loaded - begin), 1000 * (time.process_time() - loaded))
"""
_SIFT_PY: Final = """
import sys
from pathlib import Path
from sift_py.ingestion.config.telemetry import TelemetryConfig
TelemetryConfig.try_from_yaml(Path(sys.argv[1]))
"""
_PROGRAM: Final = f"""
from {_PACKAGE} import Flow0000Flow


def velocity(flow: Flow0000Flow) -> float:
    return flow.subsystem_0000_channel_006
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How often what is quick is measured, and where."""

    rounds: int
    folder: Path
    peers: bool


def measure(channels: int, plan: Plan, tell: Callable[[str], None]) -> dict[str, object]:
    """Measure all that one size costs; each figure of several rounds is their median."""
    folder = plan.folder / str(channels)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "scale.yaml").write_text(config_text(channels), "utf-8")
    tell(f"{channels} channels: generate")
    generated = [_generate(folder) for _ in range(plan.rounds)]
    again = cost_of(_generating(), folder)
    files = [path for path in (folder / _PACKAGE).rglob("*") if path.is_file()]
    results: dict[str, object] = {
        "channels": channels,
        "flows": channels // CHANNELS_PER_FLOW,
        "generate": _median(generated),
        "generate_all": sorted(round(each.seconds, 3) for each in generated),
        "again": asdict(again),
        "files": len(files),
        "lines": sum(path.read_bytes().count(b"\n") for path in files),
    }
    tell(f"{channels} channels: import")
    results.update(_imports(folder, plan.rounds))
    tell(f"{channels} channels: mypy")
    (folder / "program.py").write_text(_PROGRAM, "utf-8")
    checking = [str(Path(sys.executable).with_name("mypy")), "--strict", "--config-file=", "program.py"]
    results["mypy_cold"], results["mypy_warm"] = asdict(cost_of(checking, folder)), asdict(cost_of(checking, folder))
    if plan.peers:
        tell(f"{channels} channels: sift_py")
        results["sift_py"] = asdict(cost_of([str(_PEERS_PYTHON), "-c", _SIFT_PY, "scale.yaml"], folder))
    return results


def _generating() -> list[str]:
    return [str(Path(sys.executable).with_name("sift-codegen")), "scale.yaml", "-o", _PACKAGE]


def _generate(folder: Path) -> Cost:
    shutil.rmtree(folder / _PACKAGE, ignore_errors=True)
    return cost_of(_generating(), folder)


def _median(costs: list[Cost]) -> dict[str, float]:
    rounds = [asdict(cost) for cost in costs]
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _imports(folder: Path, rounds: int) -> dict[str, object]:
    """Return processor milliseconds; each statement runs in processes of its own, the first of which compiles."""
    statements = {
        "flow": f"from {_PACKAGE} import Flow0000Flow",
        "columns": f"from {_PACKAGE} import Flow0000Columns",
        "telemetry": f"from {_PACKAGE} import TELEMETRY",
    }
    results: dict[str, object] = {}
    for name, statement in statements.items():
        compiled, *measured = [printed_by(_IMPORTS, folder, statement) for _ in range(1 + rounds)]
        results[f"{name}_first_import_ms"] = compiled[1]
        results[f"{name}_import_ms"] = statistics.median(each[1] for each in measured)
        results["dependencies_import_ms"] = statistics.median(each[0] for each in measured)
    return results
