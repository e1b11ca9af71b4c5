"""`sift-codegen lint`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from sift_codegen._collector import paused_collector
from sift_codegen._diagnostics import Severity
from sift_codegen._lint import (
    FORMATS,
    Finding,
    LintRequest,
    Selection,
    lint,
    mend,
    render_findings,
    suggestion,
)
from sift_codegen._project import LintSettings
from sift_codegen.cli._options import INPUT_FILE, side_input_options
from sift_codegen.cli._targets import PackageWords, project_here, requests_of
from sift_codegen.cli._telling import CONFIG_ERROR, FINDINGS, count

__all__ = ["command"]

_RANKS: Final = {"error": 2, "warning": 1, "info": 0, "never": 3}


@click.command("lint")
@click.argument("configs", type=INPUT_FILE, nargs=-1, metavar="[CONFIG]...")
@side_input_options
@click.option(
    "--select", multiple=True, metavar="CODES", help="Codes, or beginnings of codes, to look for  [default: all]."
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Codes, or beginnings of codes, not to look for.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How findings are shown.",
)
@click.option(
    "--fail-on", type=click.Choice(list(_RANKS)), help="Least severity that gives exit code 1  [default: error]."
)
@click.option("--fix", is_flag=True, help="Mend in the files what is certain, and show the rest.")
def command(**words: Any) -> None:
    """Show what is wrong or doubtful in CONFIGs, or in all configs of the project (docs/lint.md has every code).

    Exit code 1 for findings at or above --fail-on, 2 if a file cannot be read or is not YAML.
    """
    settings = _settings()
    selection = _selection(words, settings)
    requests = tuple(_requests(words))
    with paused_collector():
        report, mended = mend(requests, selection) if words["fix"] else (lint(requests, selection), 0)
    click.echo(render_findings(report.findings, words["form"]), nl=False)
    click.echo(_summary(report.findings, mended), err=True)
    if report.is_unreadable:
        sys.exit(CONFIG_ERROR)
    if _fails(report.findings, words["fail_on"] or settings.fail_on):
        sys.exit(FINDINGS)


def _settings() -> LintSettings:
    project = project_here()
    return project.lint if project else LintSettings()


def _selection(words: dict[str, Any], settings: LintSettings) -> Selection:
    """Return what the command line selects, and where it says nothing, the project."""
    return Selection(
        select=_codes("--select", words["select"]) or _codes("select of [tool.sift-codegen.lint]", settings.select),
        ignore=_codes("--ignore", words["ignore"]) or _codes("ignore of [tool.sift-codegen.lint]", settings.ignore),
    )


def _codes(where: str, words: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(code.strip() for word in words for code in word.split(","))
    for code in codes:
        unknown = suggestion(code)
        if unknown:
            raise click.UsageError(f"{where}: {code!r} is no code and begins none; {unknown[0]}")
    return codes


def _requests(words: dict[str, Any]) -> Iterator[LintRequest]:
    """Yield what to look at; a config of the project comes with the files that the project gives it."""
    side_inputs = {key: words[key] for key in ("named_expressions", "rule_modules")}
    for config in words["configs"] or (None,):
        for request in requests_of(PackageWords(config=config, output_of_unlisted=Path(), **side_inputs)):
            yield LintRequest(
                config=request.config, side_inputs=request.side_inputs, rule_mistakes=request.rule_mistakes
            )


def _summary(findings: tuple[Finding, ...], mended: int) -> str:
    """Return how many findings there are of each severity, and what can be or was done about them."""
    severities = [finding.diagnostic.severity for finding in findings]
    told = [count(severities.count(each), each.value) for each in Severity if each in severities]
    parts = [f"{count(mended, 'finding')} mended"] if mended else []
    parts.append(f"{count(len(findings), 'finding')}: {', '.join(told)}" if findings else "no findings")
    if fixable := sum(bool(finding.fix) for finding in findings):
        parts.append(f"{fixable} can be mended by --fix")
    return "; ".join(parts)


def _fails(findings: tuple[Finding, ...], fail_on: str) -> bool:
    return any(_RANKS[finding.diagnostic.severity.value] >= _RANKS[fail_on] for finding in findings)
