"""Runs `sift-codegen import` as a process, and its importers on files given as text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sift_codegen._config import ChannelConfig, TelemetryConfig
from sift_codegen._importing import CsvRequest, Imported, import_csv
from sift_codegen._read_config import read_telemetry_config

__all__ = ["FILES", "command", "csv_of", "read_back", "types_of"]

FILES = Path(__file__).parent / "files"


def command(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `sift-codegen import` with these words."""
    line = [sys.executable, "-m", "sift_codegen", "import", *map(str, words)]
    return subprocess.run(line, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def csv_of(folder: Path, content: str | bytes, rows: int = 10_000, delimiter: str | None = None) -> Imported:
    """Import a CSV file that has this content, exactly."""
    path = folder / "flight.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_csv(CsvRequest(path=path, rows=rows, delimiter=delimiter))


def read_back(folder: Path, imported: Imported) -> TelemetryConfig:
    """Read what was imported as `generate` reads it."""
    path = folder / "imported.yaml"
    path.write_text(imported.text, "utf-8")
    return read_telemetry_config(path)


def types_of(config: TelemetryConfig) -> dict[str, str]:
    """Return the type of each channel by its name."""
    channels: list[ChannelConfig] = [channel for flow in config.flows for channel in flow.channels]
    return {channel.name: channel.data_type.value for channel in channels}
