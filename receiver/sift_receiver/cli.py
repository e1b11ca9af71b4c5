"""The `sift-receiver` command: serve, or show what a store holds."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

import click

from sift_receiver._errors import ReceiverError
from sift_receiver._server import Receiver
from sift_receiver._settings import ReceiverSettings, TlsFiles
from sift_receiver._summary_text import summary_text
from sift_receiver.summary import summarise, summarise_errors

__all__ = ["main"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Failure(click.ClickException):
    """An error of ours, with the exit code for usage and configuration errors."""

    exit_code = 2


@click.group(invoke_without_command=True)
@click.option("--store", type=click.Path(dir_okay=False, path_type=Path), help="DuckDB file; created if absent.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=50051, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@click.option(
    "--api-key",
    envvar="SIFTCODEGEN_RECEIVER_API_KEY",
    help="Refuse calls without this key. Other users can see arguments: prefer SIFTCODEGEN_RECEIVER_API_KEY.",
)
@click.option("--tls-certificate", type=_FILE, help="PEM certificate chain; serves https. Needs --tls-key.")
@click.option("--tls-key", type=_FILE, help="PEM private key of the certificate.")
@click.option("--user", "users", multiple=True, help="A user that rules may be assigned to; may be given again.")
@click.option("--verbose", is_flag=True, help="Print the method of every call.")
@click.pass_context
def main(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    context: click.Context,
    store: Path | None,
    host: str,
    port: int,
    api_key: str | None,
    tls_certificate: Path | None,
    tls_key: Path | None,
    users: tuple[str, ...],
    verbose: bool,
) -> None:
    """Receive Sift telemetry locally and keep it in a DuckDB file.

    Serves until SIGTERM or SIGINT. `sift-receiver show STORE` prints what arrived.
    """
    if context.invoked_subcommand is not None:
        return
    if store is None:
        raise click.UsageError("--store is missing: name the DuckDB file to write, such as --store flight.duckdb")
    if (tls_certificate is None) != (tls_key is None):
        raise click.UsageError("--tls-certificate and --tls-key belong together: give both or none")
    tls = TlsFiles(tls_certificate, tls_key) if tls_certificate and tls_key else None
    try:
        _serve(
            ReceiverSettings(store=store, host=host, port=port, api_key=api_key, tls=tls, users=users), verbose=verbose
        )
    except ReceiverError as error:
        raise _Failure(str(error)) from error


@main.command()
@click.argument("store", type=click.Path(dir_okay=False, path_type=Path))
def show(store: Path) -> None:
    """Print the flows in STORE: rows, time span, and each channel's range and last value."""
    try:
        click.echo(summary_text(summarise(store), summarise_errors(store), store))
    except ReceiverError as error:
        raise _Failure(str(error)) from error


def _serve(settings: ReceiverSettings, *, verbose: bool) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    if verbose:
        logging.getLogger("sift_receiver.calls").setLevel(logging.DEBUG)
    # DuckDB makes its write-ahead log by the umask, and it holds the same telemetry as the store.
    os.umask(0o077)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Receiver(settings) as receiver:
        click.echo(f"listening on {receiver.uri}")
        stop.wait()
