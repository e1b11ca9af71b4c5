"""The whole way from a config file to a package on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sift_codegen._build_package import MESSAGES, build_package
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Diagnostic
from sift_codegen._literals import shell_word
from sift_codegen._read_config import SideInputs, read_telemetry_config
from sift_codegen._render import Progress, render_package
from sift_codegen._write import WriteReport, absolute, write_package

__all__ = ["GenerateReport", "GenerateRequest", "generate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What to generate from, where to, and whose message classes the package returns (a key of MESSAGES)."""

    config: Path
    output: Path
    side_inputs: SideInputs = field(default_factory=SideInputs)
    protos: str = "sift-runtime"


@dataclass(frozen=True, slots=True)
class GenerateReport:
    """What generating changed, and what the config's author should know."""

    written: WriteReport
    warnings: tuple[Diagnostic, ...]
    config: TelemetryConfig
    directory: Path


def generate(request: GenerateRequest, progress: Progress = lambda done, total: None) -> GenerateReport:
    """Read the config, generate its package and write it.

    Raises ConfigError with every error of the config, or OutputError; no file has been touched then.
    """
    directory = absolute(request.output)
    config = read_telemetry_config(request.config, request.side_inputs)
    package = build_package(config, MESSAGES[request.protos], _command(request, directory.name))
    files = render_package(package, progress)
    return GenerateReport(write_package(directory, files), config.warnings, config, directory)


def _command(request: GenerateRequest, package: str) -> str:
    """Return the command that regenerates the package: names without folders, so that it reads alike everywhere."""
    words = ["sift-codegen", shell_word(request.config.name), "-o", shell_word(package)]
    for path in request.side_inputs.named_expressions:
        words += ["--named-expressions", shell_word(path.name)]
    for path in request.side_inputs.rule_modules:
        words += ["--rule-modules", shell_word(path.name)]
    if request.protos != "sift-runtime":
        words += ["--protos", request.protos]
    return " ".join(words)
