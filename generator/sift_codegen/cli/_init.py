"""`sift-codegen init`."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import click

from sift_codegen._init import Outcome, Step, carry_out, plan_init

__all__ = ["command"]


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
def command(directory: Path, *, dry_run: bool) -> None:
    """Set DIRECTORY up: a config to begin with, its schema, pyproject.toml, pre-commit and .gitattributes.

    Nothing that is there is written over; a second run changes nothing.
    """
    steps = plan_init(directory)
    if not dry_run:
        carry_out(steps)
    for step in steps:
        _tell(step, "would be " if dry_run else "")
    if any(step.outcome is Outcome.CREATE for step in steps) and not dry_run:
        here = directory.resolve() == Path.cwd()
        click.echo("next: sift-codegen generate" if here else f"next, in {directory}: sift-codegen generate")


def _tell(step: Step, would_be: str) -> None:
    path = os.path.normpath(step.path)
    told = would_be + step.outcome.value if step.content else step.outcome.value
    click.echo(f"{path}: {told}" + (f" ({step.why})" if step.why else ""))
    if step.by_hand:
        click.echo("add this by hand:\n" + textwrap.indent(step.by_hand, "    "), nl=False)
