"""`sift-codegen generate`, which needs not be named."""

from __future__ import annotations

import sys
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from sift_codegen._generate import (
    BreakingChangeError,
    GenerateReport,
    GenerateRequest,
    command_of,
    generate,
    require_no_mistakes,
)
from sift_codegen._lock import break_diagnostics, gone_note, ways_out
from sift_codegen.cli._checking import check_all
from sift_codegen.cli._options import package_options
from sift_codegen.cli._progress import progress_bar
from sift_codegen.cli._targets import PackageWords, requests_of
from sift_codegen.cli._telling import FINDINGS, INTERRUPTED, count, show, tell

__all__ = ["command"]


@click.command("generate")
@package_options
@click.option("--accept-break", is_flag=True, help="Freeze a wire layout that breaks the lock file.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; as `sift-codegen check`.")
def command(only_check: bool, **words: Any) -> None:
    """Generate the package of CONFIG, or all packages of the project (pyproject.toml, [tool.sift-codegen]).

    Exit code 1 if a lock file would be broken, of whose package nothing is written then; 2 if a config has errors, and
    nothing is written of any.
    """
    requests = requests_of(PackageWords(**words))
    if only_check:
        sys.exit(check_all(requests))
    if len(requests) > 1:
        require_no_mistakes(requests)
    # Each package is independent of the others: one that would break its lock is no reason to leave out the rest.
    results = [_generate(request) for request in requests]
    if not all(results):
        sys.exit(FINDINGS)


def _generate(request: GenerateRequest) -> bool:
    """Generate a package; returns whether its lock file let it."""
    try:
        report = _generate_with_progress(request)
    except BreakingChangeError as refused:
        show(break_diagnostics(refused.plan.config, refused.lock))
        breaks = count(len(refused.lock.breaks), "break")
        tell(f"{breaks} of {refused.lock.path}; nothing of {request.output} was written")
        for way in ways_out(refused.plan.config, refused.lock, command_of(request)):
            click.echo(f"    {way}", err=True)
        return False
    except KeyboardInterrupt:
        tell("interrupted; the package is whole, as before or as it was to be")
        sys.exit(INTERRUPTED)
    show(report.warnings)
    _report(request.output, report)
    return True


def _generate_with_progress(request: GenerateRequest) -> GenerateReport:
    with progress_bar(f"reading {request.config.name}", f"generating {request.output.name}") as advance:
        return generate(request, advance)


def _report(output: Path, report: GenerateReport) -> None:
    for path in report.written.kept:
        click.echo(f"{output / path}: no longer generated, but edited since; left where it is", err=True)
    package = report.directory.name
    if not package.isidentifier() or iskeyword(package):
        click.echo(
            f"{output}: the package cannot be imported by this name; name its directory as an identifier", err=True
        )
    flows = len(report.config.flows)
    channels = sum(len(flow.channels) for flow in report.config.flows)
    written, removed = len(report.written.written), len(report.written.removed)
    click.echo(
        f"{output}: {count(flows, 'flow')}, {count(channels, 'channel')}; "
        f"{count(written, 'file')} written, {report.written.unchanged} unchanged, {removed} removed"
    )
    if report.lock and not report.lock.is_current:
        if note := gone_note(report.lock):
            click.echo(f"{report.lock.path}: {note}", err=True)
        click.echo(f"{report.lock.path}: {'made' if report.lock.file.source is None else 'updated'}")
