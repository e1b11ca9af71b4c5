"""The generator: a telemetry config becomes a typed Python package."""

from __future__ import annotations

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, Severity, SiftCodegenError, SourceFile
from sift_codegen._generate import GenerateReport, GenerateRequest, generate
from sift_codegen._manifest import OutputError
from sift_codegen._read_config import SideInputs

__all__ = [
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
