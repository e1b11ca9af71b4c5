"""`sift-codegen push-rules`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from sift_codegen._diagnostics import ConfigError
from sift_codegen._read_config import SideInputs
from sift_codegen.cli._options import INPUT_FILE, rule_mistakes_option, server_options, side_input_options
from sift_codegen.cli._telling import CONFIG_ERROR, FINDINGS, NETWORK_ERROR, count, show, tell

__all__ = ["command"]


@click.command("push-rules")
@click.argument("config", type=INPUT_FILE)
@side_input_options
@rule_mistakes_option
@server_options
@click.option("--organization-id", help="Organization of the rules and the config  [default: the config's].")
def command(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    config: Path,
    named_expressions: tuple[Path, ...],
    rule_modules: tuple[Path, ...],
    uri: str | None,
    profile: str | None,
    ca_certificate: Path | None,
    rule_mistakes: Literal["error", "warning"] | None,
    organization_id: str | None,
) -> None:
    """Create or update the rules of CONFIG, after its flows. The key comes from SIFT_API_KEY or a profile.

    Exit code 1 if the server refuses a flow or a rule, 2 if the config has errors, 3 if the server cannot be asked.
    """
    from sift_codegen.remote import PushError, PushFailure, PushRequest, push_rules_of  # noqa: PLC0415 - the runtime

    side_inputs = SideInputs(named_expressions=named_expressions, rule_modules=rule_modules)
    request = PushRequest(
        config=config,
        side_inputs=side_inputs,
        rule_mistakes=rule_mistakes or "error",
        organization_id=organization_id,
        uri=uri,
        profile=profile,
        ca_certificate=ca_certificate,
    )
    try:
        report = push_rules_of(request, warn=show)
    except ConfigError as error:
        show(error.diagnostics)
        click.echo(f"{count(len(error.diagnostics), 'error')}; nothing was pushed", err=True)
        sys.exit(CONFIG_ERROR)
    except PushError as error:
        tell(error)
        sys.exit(NETWORK_ERROR if error.failure is PushFailure.NETWORK else FINDINGS)
    for outcome, names in (("created", report.created), ("updated", report.updated), ("unchanged", report.unchanged)):
        for name in names:
            click.echo(f"{outcome}: {name}")
    total = len(report.created) + len(report.updated) + len(report.unchanged)
    click.echo(f"{count(total, 'rule')}: {len(report.created)} created, {len(report.updated)} updated")
