"""`sift-codegen pull`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sift_codegen._write_file import refuse_existing, write_file
from sift_codegen.cli._options import INPUT_FILE, server_options
from sift_codegen.cli._telling import FINDINGS, NETWORK_ERROR, count, show, tell

if TYPE_CHECKING:
    from sift_codegen.remote import Pulled

__all__ = ["command"]


@click.command("pull")
@click.option("--client-key", required=True, help="Client key of the ingestion config.")
@click.option("-o", "--output", type=INPUT_FILE, help="File to write; without it, standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@server_options
def command(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    client_key: str,
    output: Path | None,
    force: bool,
    uri: str | None,
    profile: str | None,
    ca_certificate: Path | None,
) -> None:
    """Write an ingestion config of a server as a config with the same flows.

    The API key comes from SIFT_API_KEY or a profile.

    Exit code 1 if the server has none with this client key, or one that no package can be generated from as it is; 2 if
    the file is there already or cannot be written; 3 if the server cannot be asked.
    """
    from sift_codegen.remote import NotRegisteredError, PullRequest, ServerError, ServerWords, pull  # noqa: PLC0415 - the runtime

    if not client_key:
        raise click.UsageError("--client-key is empty")
    if output is not None:
        refuse_existing(output, overwrite=force)
    server = ServerWords(uri=uri, profile=profile, ca_certificate=ca_certificate)
    try:
        pulled = pull(PullRequest(client_key=client_key, server=server, output=output))
    except (NotRegisteredError, ServerError) as error:
        tell(error)
        sys.exit(NETWORK_ERROR if isinstance(error, ServerError) else FINDINGS)
    _hand_over(pulled, output, force)
    if pulled.mistakes:
        show(pulled.mistakes)
        tell(f"no package can be generated from it as it is: {count(len(pulled.mistakes), 'error')}")
        sys.exit(FINDINGS)


def _hand_over(pulled: Pulled, output: Path | None, force: bool) -> None:
    if output is None:
        click.echo(pulled.text.encode(), nl=False)
        return
    write_file(output, pulled.text.encode(), overwrite=force)
    channels = sum(len(flow.channels) for flow in pulled.flows)
    click.echo(f"{output}: {count(len(pulled.flows), 'flow')}, {count(channels, 'channel')}")
