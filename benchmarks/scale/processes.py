"""Runs a command and says how long it took and how much memory it had."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Cost", "cost_of", "printed_by"]

_PATIENCE: Final = 1800.0  # seconds for one command


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall-clock seconds, processor seconds and the peak of resident memory in bytes."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def cost_of(command: list[str], folder: Path) -> Cost:
    """Run a command to its end.

    Raises RuntimeError with its output where it fails.
    """
    log = folder / "command.log"
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit code {process.returncode}: {log.read_text('utf-8')[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def printed_by(script: str, folder: Path, *words: str) -> list[float]:
    """Return the numbers that a Python script prints."""
    command = [sys.executable, "-c", script, *words]
    done = subprocess.run(
        command, cwd=folder, env=_environment(), capture_output=True, text=True, check=True, timeout=_PATIENCE
    )
    return [float(word) for word in done.stdout.split()]


def _environment() -> dict[str, str]:
    """Return the environment as it is, but with compiled modules kept, as Python does unless told otherwise."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
