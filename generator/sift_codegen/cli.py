"""The `sift-codegen` command."""

from __future__ import annotations

import os
import sys
from keyword import iskeyword
from pathlib import Path
from typing import Final

import click

from sift_codegen._build_package import MESSAGES
from sift_codegen._diagnostics import ConfigError, Diagnostic, Severity
from sift_codegen._generate import GenerateReport, GenerateRequest, RuleMistakes, generate
from sift_codegen._manifest import OutputError
from sift_codegen._read_config import SideInputs
from sift_codegen._render_diagnostics import render_diagnostic

__all__ = ["main"]

FINDINGS: Final = 1
CONFIG_ERROR: Final = 2
NETWORK_ERROR: Final = 3
INTERRUPTED: Final = 130  # as shells tell of a program that Ctrl-C has ended
_INPUT_FILE: Final = click.Path(path_type=Path)


class _Directory(click.Path):
    """A path that is not empty: an empty variable in a script must not mean the current directory."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if not os.fspath(value):
            self.fail("it is empty; name a directory for the package", param, ctx)
        return super().convert(value, param, ctx)


class _GenerateByDefault(click.Group):
    """A group in which `sift-codegen CONFIG -o DIR` means `sift-codegen generate CONFIG -o DIR`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own_options = {"--help", "-h", "--version"}
        if args and args[0] not in self.commands and not own_options.intersection(args[:1]):
            args = ["generate", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_GenerateByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sift-codegen")
def main() -> None:
    """Turn a Sift telemetry config into a typed Python package.

    `sift-codegen CONFIG -o DIR` is short for `sift-codegen generate CONFIG -o DIR`.
    """


@main.command("generate")
@click.argument("config", type=_INPUT_FILE)
@click.option(
    "-o",
    "--output",
    required=True,
    type=_Directory(path_type=Path),
    help="Directory of the package; its name is the package's.",
)
@click.option(
    "--named-expressions", multiple=True, type=_INPUT_FILE, help="File of named expressions that rules refer to."
)
@click.option("--rule-modules", multiple=True, type=_INPUT_FILE, help="File or directory with further rules.")
@click.option(
    "--protos",
    type=click.Choice(sorted(MESSAGES)),
    default="sift-runtime",
    show_default=True,
    help="Whose message classes .channel_values() returns.",
)
@click.option(
    "--rule-mistakes",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="Whether a mistake in a rule's expression or channels stops it.",
)
def generate_command(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    config: Path,
    output: Path,
    named_expressions: tuple[Path, ...],
    rule_modules: tuple[Path, ...],
    protos: str,
    rule_mistakes: RuleMistakes,
) -> None:
    """Generate the package of CONFIG (exit code 2 if the config has errors; nothing is written then)."""
    side_inputs = SideInputs(named_expressions=named_expressions, rule_modules=rule_modules)
    request = GenerateRequest(
        config=config, output=output, side_inputs=side_inputs, protos=protos, rule_mistakes=rule_mistakes
    )
    try:
        report = _generate_with_progress(request)
    except ConfigError as error:
        _show(error.diagnostics)
        click.echo(f"{_count(len(error.diagnostics), 'error')}; nothing was written", err=True)
        sys.exit(CONFIG_ERROR)
    except OutputError as error:
        click.echo(f"sift-codegen: {error}", err=True)
        sys.exit(CONFIG_ERROR)
    except KeyboardInterrupt:
        click.echo("sift-codegen: interrupted; the package is whole, as before or as it was to be", err=True)
        sys.exit(INTERRUPTED)
    _show(report.warnings)
    _report(output, report)


@main.command("push-rules")
@click.argument("config", type=_INPUT_FILE)
@click.option(
    "--named-expressions", multiple=True, type=_INPUT_FILE, help="File of named expressions that rules refer to."
)
@click.option("--rule-modules", multiple=True, type=_INPUT_FILE, help="File or directory with further rules.")
@click.option("--uri", help="Sift's gRPC API; defaults to SIFT_GRPC_URI or a profile.")
@click.option("--profile", help="Profile of sift.toml.")
@click.option("--ca-certificate", type=_INPUT_FILE, help="PEM file of the certificates to trust.")
def push_rules_command(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    config: Path,
    named_expressions: tuple[Path, ...],
    rule_modules: tuple[Path, ...],
    uri: str | None,
    profile: str | None,
    ca_certificate: Path | None,
) -> None:
    """Create or update the rules of CONFIG, after its flows. The key comes from SIFT_API_KEY or a profile.

    Exit code 1 if the server refuses a flow or a rule, 2 if the config has errors, 3 if the server cannot be asked.
    """
    from sift_codegen.remote import PushError, PushFailure, PushRequest, push_rules_of  # noqa: PLC0415 - the runtime

    side_inputs = SideInputs(named_expressions=named_expressions, rule_modules=rule_modules)
    request = PushRequest(
        config=config, side_inputs=side_inputs, uri=uri, profile=profile, ca_certificate=ca_certificate
    )
    try:
        report = push_rules_of(request)
    except ConfigError as error:
        _show(error.diagnostics)
        click.echo(f"{_count(len(error.diagnostics), 'error')}; nothing was pushed", err=True)
        sys.exit(CONFIG_ERROR)
    except PushError as error:
        click.echo(f"sift-codegen: {error}", err=True)
        sys.exit(NETWORK_ERROR if error.failure is PushFailure.NETWORK else FINDINGS)
    for outcome, names in (("created", report.created), ("updated", report.updated), ("unchanged", report.unchanged)):
        for name in names:
            click.echo(f"{outcome}: {name}")
    total = len(report.created) + len(report.updated) + len(report.unchanged)
    click.echo(f"{_count(total, 'rule')}: {len(report.created)} created, {len(report.updated)} updated")


def _generate_with_progress(request: GenerateRequest) -> GenerateReport:
    """Generate; with a bar on standard error where somebody looks at it."""
    watched = sys.stderr is not None and sys.stderr.isatty()  # there is none where it was closed
    with click.progressbar(length=1, label="generating", file=sys.stderr, hidden=not watched) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(1)

        return generate(request, advance)


def _show(diagnostics: tuple[Diagnostic, ...]) -> None:
    for diagnostic in diagnostics:
        colour = "red" if diagnostic.severity is Severity.ERROR else "yellow"
        first, _, rest = render_diagnostic(diagnostic).partition("\n")
        click.echo(click.style(first, fg=colour) + ("\n" + rest if rest else ""), err=True)


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
        f"{output}: {_count(flows, 'flow')}, {_count(channels, 'channel')}; "
        f"{_count(written, 'file')} written, {report.written.unchanged} unchanged, {removed} removed"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
