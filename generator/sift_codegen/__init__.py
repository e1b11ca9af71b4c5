"""The generator: a telemetry config becomes a typed Python package.

generate(GenerateRequest(config=Path("vehicle.yaml"), output=Path("vehicle_telemetry")))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, Severity, SiftCodegenError, SourceFile
    from sift_codegen._generate import BreakingChangeError, GenerateReport, GenerateRequest, generate
    from sift_codegen._manifest import OutputError
    from sift_codegen._read_config import SideInputs

__all__ = [
    "BreakingChangeError",
    "ConfigError",
    "Diagnostic",
    "GenerateReport",
    "GenerateRequest",
    "OutputError",
    "Position",
    "Severity",
    "SideInputs",
    "SiftCodegenError",
    "SourceFile",
    "generate",
]

_HOMES: Final = {
    "_diagnostics": ("ConfigError", "Diagnostic", "Position", "Severity", "SiftCodegenError", "SourceFile"),
    "_generate": ("BreakingChangeError", "GenerateReport", "GenerateRequest", "generate"),
    "_manifest": ("OutputError",),
    "_read_config": ("SideInputs",),
}


def __getattr__(name: str) -> object:
    """Import on first use: the command must be able to say that the generator's extra is not installed."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
