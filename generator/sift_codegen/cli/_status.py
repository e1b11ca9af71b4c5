"""`sift-codegen status`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sift_codegen._compare import ChangeClass
from sift_codegen._read_config import SideInputs
from sift_codegen.cli._change_classes import fail_on_option
from sift_codegen.cli._config_inputs import config_inputs
from sift_codegen.cli._options import INPUT_FILE, server_options
from sift_codegen.cli._telling import FINDINGS, NETWORK_ERROR, tell

if TYPE_CHECKING:
    from sift_codegen.remote import ServerStatus

__all__ = ["command"]


@click.command("status")
@click.argument("config", type=INPUT_FILE, required=False)
@fail_on_option
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@server_options
def command(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    config: Path | None,
    fail_on: tuple[ChangeClass, ...],
    form: str,
    uri: str | None,
    profile: str | None,
    ca_certificate: Path | None,
) -> None:
    """Compare CONFIG, or each config of the project, with what a server has under its client key; rules are not.

    The API key comes from SIFT_API_KEY or a profile. Exit code 1 where a class of --fail-on is among the differences, 2
    if a config has errors, 3 if the server cannot be asked.
    """
    from sift_codegen.remote import ServerError, ServerWords, status_of  # noqa: PLC0415 - the runtime

    server = ServerWords(uri=uri, profile=profile, ca_certificate=ca_certificate)
    try:
        statuses = [status_of(found.path, server) for found in config_inputs(config, SideInputs())]
    except ServerError as error:
        tell(error)
        sys.exit(NETWORK_ERROR)
    _show(statuses, form, fail_on)
    if any(status.has(kind) for status in statuses for kind in fail_on):
        sys.exit(FINDINGS)


def _show(statuses: list[ServerStatus], form: str, fail_on: tuple[ChangeClass, ...]) -> None:
    from sift_codegen.remote import status_github_lines, status_json, status_lines  # noqa: PLC0415 - the runtime

    if form == "json":
        click.echo(status_json(statuses))
        return
    for status in statuses:
        for line in status_lines(status) if form == "text" else status_github_lines(status, fail_on):
            click.echo(line)
