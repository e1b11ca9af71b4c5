"""Reads configs given as text, through the generator's public door."""

from __future__ import annotations

from pathlib import Path

import pytest

from sift_codegen import ConfigError, SideInputs
from sift_codegen._config import ChannelConfig, ScalarValue, TelemetryConfig
from sift_codegen._read_config import read_telemetry_config

__all__ = ["channels_of", "errors_of", "read", "scalar"]


def read(directory: Path, content: str | bytes, side_inputs: SideInputs | None = None) -> TelemetryConfig:
    """Read a config; what it says is written exactly, line breaks included."""
    path = directory / "vehicle.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_telemetry_config(path, side_inputs)


def errors_of(directory: Path, content: str | bytes, side_inputs: SideInputs | None = None) -> list[str]:
    """Return the errors of a config as `line:column: message`."""
    with pytest.raises(ConfigError) as caught:
        read(directory, content, side_inputs)
    found = caught.value.diagnostics
    return [f"{each.position.line}:{each.position.column}: {each.message}" for each in found]


def channels_of(directory: Path, *lines: str) -> tuple[ChannelConfig, ...]:
    """Read a config of the given top-level lines and return the channels of its first flow."""
    return read(directory, "\n".join(("asset_name: rover", *lines, ""))).flows[0].channels


def scalar(directory: Path, written: str) -> ScalarValue:
    """Return the value of a scalar as it is written in the place where a config may have any."""
    rule = f'{{name: r, type: phase, expression: "$x", sub_expressions: [$x: {written}]}}'
    config = read(directory, f"asset_name: rover\nrules:\n  - {rule}\n")
    ((_, value),) = config.rules[0].sub_expressions
    return value
