"""`sift-codegen generate`, which needs not be named."""

from __future__ import annotations

import sys
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from sift_codegen._generate import GenerateReport, GenerateRequest, generate
from sift_codegen.cli._options import package_options
from sift_codegen.cli._targets import PackageWords, requests_of
from sift_codegen.cli._telling import INTERRUPTED, count, show, tell

__all__ = ["command"]


@click.command("generate")
@package_options
def command(**words: Any) -> None:
    """Generate the package of CONFIG, or all packages of the project (pyproject.toml, [tool.sift-codegen]).

    Exit code 2 if a config has errors; nothing is written of its package then.
    """
    for request in requests_of(PackageWords(**words)):
        _generate(request)


def _generate(request: GenerateRequest) -> None:
    try:
        report = _generate_with_progress(request)
    except KeyboardInterrupt:
        tell("interrupted; the package is whole, as before or as it was to be")
        sys.exit(INTERRUPTED)
    show(report.warnings)
    _report(request.output, report)


def _generate_with_progress(request: GenerateRequest) -> GenerateReport:
    """Generate; with a bar on standard error where somebody looks at it."""
    watched = sys.stderr is not None and sys.stderr.isatty()  # there is none where it was closed
    reading = f"reading {request.config.name}"
    with click.progressbar(length=1, label=reading, file=sys.stderr, hidden=not watched) as bar:

        def advance(done: int, total: int) -> None:
            bar.label, bar.length = f"generating {request.output.name}", total
            bar.update(1)

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
