"""`sift-codegen schema`."""

from __future__ import annotations

from pathlib import Path

import click

from sift_codegen._schema import DOCUMENTS, modeline, schema_text, write_schema

__all__ = ["command"]


@click.command("schema")
@click.option(
    "--of",
    "kind",
    type=click.Choice(list(DOCUMENTS)),
    default="config",
    show_default=True,
    help="What the schema is of: the telemetry config, rule modules, or files of named expressions.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write it to; standard output without one.",
)
def command(kind: str, output: Path | None) -> None:
    """Print the JSON Schema by which editors complete and check configs.

    With -o, print the comment that switches it on instead: it goes into the first line of each config.
    """
    if output is None:
        click.echo(schema_text(kind), nl=False)
        return
    changed = write_schema(output, kind)
    click.echo(f"{output}: {'written' if changed else 'unchanged'}; put this first into files beside it:")
    click.echo(modeline(output.name))
