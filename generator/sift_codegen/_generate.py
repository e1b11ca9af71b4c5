"""The whole way from a config file to a package on disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from sift_codegen._build_package import MESSAGES, build_package
from sift_codegen._check_rules import check_rules
from sift_codegen._collector import paused_collector
from sift_codegen._compare import describe_in_place
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import ConfigError, Diagnostic, Severity, SiftCodegenError
from sift_codegen._literals import shell_word
from sift_codegen._lock import LockPlan, plan_lock, storing
from sift_codegen._read_config import SideInputs, read_telemetry_config
from sift_codegen._render import Additions, Progress, render_package
from sift_codegen._user_templates import open_templates, template_data
from sift_codegen._write import WriteReport, absolute, write_package

__all__ = [
    "BreakingChangeError",
    "GenerateReport",
    "GenerateRequest",
    "Plan",
    "RuleMistakes",
    "generate",
    "plan_package",
    "require_no_mistakes",
]

RuleMistakes: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """What to generate from, where to, and whose message classes the package returns (a key of MESSAGES).

    `rule_mistakes` says whether a mistake in a rule stops it; "warning" is for expressions that only Sift understands.
    `lock` names the lock file, which is made if need be; by default one beside the config is heeded, if there is one.
    `accept_break` freezes what breaks it.
    `regenerate` is the command that headers show, where the words of this request alone would not do the same.
    `templates` is a folder of templates that override ours or add files.
    """

    config: Path
    output: Path
    side_inputs: SideInputs = field(default_factory=SideInputs)
    protos: str = "sift-runtime"
    rule_mistakes: RuleMistakes = "error"
    lock: Path | None = None
    accept_break: bool = False
    regenerate: str = ""
    templates: Path | None = None


class BreakingChangeError(SiftCodegenError):
    """A config that would change the meaning of what the lock file has frozen; nothing has been written."""

    def __init__(self, plan: Plan, lock: LockPlan) -> None:
        """Carry what was to be generated, and the lock with its breaks."""
        self.plan = plan
        self.lock = lock
        mend = "append channels, make a new flow, or accept the break"
        super().__init__(f"{lock.path}: broken by {'; '.join(map(describe_in_place, lock.breaks))}; {mend}")


@dataclass(frozen=True, slots=True)
class GenerateReport:
    """What generating changed, and what the config's author should know."""

    written: WriteReport
    warnings: tuple[Diagnostic, ...]
    config: TelemetryConfig
    directory: Path
    lock: LockPlan | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A package as it is to be, in memory: its files by their paths in `directory`, with / as separator."""

    directory: Path
    files: dict[str, bytes]
    config: TelemetryConfig
    warnings: tuple[Diagnostic, ...]
    lock: LockPlan | None = None


def generate(request: GenerateRequest, progress: Progress = lambda done, total: None) -> GenerateReport:
    """Read the config, generate its package and write it.

    Raises ConfigError with every error of the config, BreakingChangeError, or OutputError; no file has been touched
    then.
    """
    plan = plan_package(request, progress)
    if plan.lock and plan.lock.breaks and not request.accept_break:
        raise BreakingChangeError(plan, plan.lock)
    with storing(plan.lock):
        written = write_package(plan.directory, plan.files)
    return GenerateReport(written, plan.warnings, plan.config, plan.directory, plan.lock)


def plan_package(request: GenerateRequest, progress: Progress = lambda done, total: None) -> Plan:
    """Return the package of a config without writing it.

    Raises ConfigError with every error of the config, OutputError where the current directory is gone, TemplateError
    where a template of the user's fails.
    """
    directory = absolute(request.output)
    with paused_collector():
        return _planned(request, directory, progress)


def _planned(request: GenerateRequest, directory: Path, progress: Progress) -> Plan:
    templates = open_templates(request.templates) if request.templates else None
    config, warnings = _read(request)
    package = build_package(config, MESSAGES[request.protos], _command(request, directory.name))
    lock = plan_lock(request.config, config.flows, request.lock)
    additions = Additions(templates, template_data(config)) if templates else None
    return Plan(directory, render_package(package, progress, additions), config, warnings, lock)


def require_no_mistakes(requests: Iterable[GenerateRequest]) -> None:
    """Raise ConfigError with every error of every config, so that none is generated where another cannot be."""
    errors: dict[Diagnostic, None] = {}  # of a config that two packages are made of, each once
    for request in requests:
        try:
            config, _ = _read(request)
            build_package(config, MESSAGES[request.protos], "")
        except ConfigError as error:
            errors |= dict.fromkeys(error.diagnostics)
    if errors:
        raise ConfigError(tuple(errors))


def _read(request: GenerateRequest) -> tuple[TelemetryConfig, tuple[Diagnostic, ...]]:
    """Return the config and its warnings; mistakes in rules are among those, or errors, as the request has it."""
    config = read_telemetry_config(request.config, request.side_inputs)
    mistakes = check_rules(config)
    if mistakes and request.rule_mistakes == "error":
        raise ConfigError(mistakes)
    return config, (*config.warnings, *(replace(each, severity=Severity.WARNING) for each in mistakes))


def command_of(request: GenerateRequest) -> str:
    """Return the command that does what a request asks for."""
    words = ["sift-codegen", shell_word(str(request.config)), "-o", shell_word(str(request.output))]
    for path in request.side_inputs.named_expressions:
        words += ["--named-expressions", shell_word(str(path))]
    for path in request.side_inputs.rule_modules:
        words += ["--rule-modules", shell_word(str(path))]
    if request.rule_mistakes != "error":
        words += ["--rule-mistakes", request.rule_mistakes]
    if request.protos != "sift-runtime":
        words += ["--protos", request.protos]
    if request.lock is not None:
        words += ["--lock", shell_word(str(request.lock))]
    if request.templates:
        words += ["--templates", shell_word(str(request.templates))]
    return " ".join(words)


def _command(request: GenerateRequest, package: str) -> str:
    """Return the command that regenerates the package: names without folders, so that it reads alike everywhere."""
    if request.regenerate:
        return request.regenerate
    names = SideInputs(
        named_expressions=tuple(Path(path.name) for path in request.side_inputs.named_expressions),
        rule_modules=tuple(Path(path.name) for path in request.side_inputs.rule_modules),
    )
    templates = Path(request.templates.name) if request.templates else None
    named = replace(request, config=Path(request.config.name), output=Path(package), side_inputs=names)
    return command_of(replace(named, lock=None, templates=templates))
