"""The whole way from a config file to a package on disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from sift_codegen._build_package import MESSAGES, build_package
from sift_codegen._check_rules import check_rules
from sift_codegen._collector import paused_collector
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import ConfigError, Diagnostic, Severity
from sift_codegen._literals import shell_word
from sift_codegen._read_config import SideInputs, read_telemetry_config
from sift_codegen._render import Progress, render_package
from sift_codegen._write import WriteReport, absolute, write_package

__all__ = ["GenerateReport", "GenerateRequest", "Plan", "RuleMistakes", "generate", "plan_package"]

RuleMistakes: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What to generate from, where to, and whose message classes the package returns (a key of MESSAGES).

    `rule_mistakes` says whether a mistake in a rule stops it; "warning" is for expressions that only Sift understands.
    """

    config: Path
    output: Path
    side_inputs: SideInputs = field(default_factory=SideInputs)
    protos: str = "sift-runtime"
    rule_mistakes: RuleMistakes = "error"


@dataclass(frozen=True, slots=True)
class GenerateReport:
    """What generating changed, and what the config's author should know."""

    written: WriteReport
    warnings: tuple[Diagnostic, ...]
    config: TelemetryConfig
    directory: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """A package as it is to be, in memory: its files by their paths in `directory`, with / as separator."""

    directory: Path
    files: dict[str, bytes]
    config: TelemetryConfig
    warnings: tuple[Diagnostic, ...]


def generate(request: GenerateRequest, progress: Progress = lambda done, total: None) -> GenerateReport:
    """Read the config, generate its package and write it.

    Raises ConfigError with every error of the config, or OutputError; no file has been touched then.
    """
    plan = plan_package(request, progress)
    return GenerateReport(write_package(plan.directory, plan.files), plan.warnings, plan.config, plan.directory)


def plan_package(request: GenerateRequest, progress: Progress = lambda done, total: None) -> Plan:
    """Return the package of a config without writing it.

    Raises ConfigError with every error of the config, OutputError where the current directory is gone.
    """
    directory = absolute(request.output)
    with paused_collector():
        return _planned(request, directory, progress)


def _planned(request: GenerateRequest, directory: Path, progress: Progress) -> Plan:
    config = read_telemetry_config(request.config, request.side_inputs)
    mistakes = check_rules(config)
    if mistakes and request.rule_mistakes == "error":
        raise ConfigError(mistakes)
    warnings = (*config.warnings, *(replace(each, severity=Severity.WARNING) for each in mistakes))
    package = build_package(config, MESSAGES[request.protos], _command(request, directory.name))
    return Plan(directory, render_package(package, progress), config, warnings)


def _command(request: GenerateRequest, package: str) -> str:
    """Return the command that regenerates the package: names without folders, so that it reads alike everywhere."""
    words = ["sift-codegen", shell_word(request.config.name), "-o", shell_word(package)]
    for path in request.side_inputs.named_expressions:
        words += ["--named-expressions", shell_word(path.name)]
    for path in request.side_inputs.rule_modules:
        words += ["--rule-modules", shell_word(path.name)]
    if request.rule_mistakes != "error":
        words += ["--rule-mistakes", request.rule_mistakes]
    if request.protos != "sift-runtime":
        words += ["--protos", request.protos]
    return " ".join(words)
