"""`sift-codegen import dbc` and `sift-codegen import csv`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sift_codegen._literals import comment_text
from sift_codegen._write_file import refuse_existing, write_file
from sift_codegen.cli._options import INPUT_FILE
from sift_codegen.cli._telling import FINDINGS, count, show, tell

if TYPE_CHECKING:
    from sift_codegen._importing import Imported

__all__ = ["command"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group("import")
def command() -> None:
    """Make a config of a file of another tool.

    Without -o the config goes to standard output. With it a table of what is found is shown first, and the file is
    written whole or not at all.

    Exit code 1 if no package can be generated from the config as it is; 2 if the file is none of its kind, or the
    output is there already.
    """


def _options(command: _Command) -> _Command:
    for decorate in (
        click.option("--force", is_flag=True, help="Overwrite the output if it is there."),
        click.option("-o", "--output", type=INPUT_FILE, help="File to write; without it, standard output."),
        click.option("--asset", help="Name of the asset  [default: the file's, without its ending]."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = decorate(command)
    return command


@command.command("dbc")
@_options
def _dbc(file: Path, asset: str | None, output: Path | None, force: bool) -> None:
    """Import a CAN database: messages become flows, signals channels."""
    from sift_codegen._importing import DbcRequest, import_dbc  # noqa: PLC0415 - heavy

    _refuse(asset, output, force)
    _hand_over(import_dbc(DbcRequest(path=file, asset=asset, output=output)), output, force)


@command.command("csv")
@_options
@click.option("--flow", help="Name of the flow  [default: the file's, without its ending].")
@click.option("--delimiter", help="What stands between cells, one character  [default: found out].")
@click.option("--rows", type=click.IntRange(1), default=10_000, show_default=True, help="How many rows to look at.")
def _csv(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    file: Path, asset: str | None, output: Path | None, force: bool, flow: str | None, delimiter: str | None, rows: int
) -> None:
    """Import a CSV file: names and units from its header, types from its first rows."""
    from sift_codegen._importing import CsvRequest, import_csv  # noqa: PLC0415 - heavy

    _refuse(asset, output, force)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n" \0'):
        raise click.UsageError("--delimiter has to be one character, no quote, blank or line break")
    request = CsvRequest(path=file, asset=asset, flow=flow, delimiter=delimiter, rows=rows, output=output)
    _hand_over(import_csv(request), output, force)


def _refuse(asset: str | None, output: Path | None, force: bool) -> None:
    if asset == "":
        raise click.UsageError("--asset is empty")
    if output is not None:
        refuse_existing(output, overwrite=force)


def _hand_over(imported: Imported, output: Path | None, force: bool) -> None:
    from sift_codegen._importing import preview  # noqa: PLC0415 - as above

    if output is not None:
        click.echo(preview(imported), err=True)
    for note in imported.notes:
        click.echo(f"note: {comment_text(note)}", err=True)
    if output is None:
        click.echo(imported.text.encode(), nl=False)
    else:
        write_file(output, imported.text.encode(), overwrite=force)
        channels = sum(len(flow.channels) for flow in imported.flows)
        click.echo(f"{output}: {count(len(imported.flows), 'flow')}, {count(channels, 'channel')}")
    show(imported.findings)
    if imported.mistakes:
        show(imported.mistakes)
        tell(f"no package can be generated from it as it is: {count(len(imported.mistakes), 'error')}")
        sys.exit(FINDINGS)
