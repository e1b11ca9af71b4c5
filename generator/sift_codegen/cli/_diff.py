"""`sift-codegen diff`."""

from __future__ import annotations

import sys
from typing import Any

import click

from sift_codegen._compare import ChangeClass
from sift_codegen.cli._change_classes import fail_on_option
from sift_codegen.cli._options import side_input_options
from sift_codegen.cli._telling import FINDINGS, tell

__all__ = ["command"]


@click.command("diff")
@click.argument("old")
@click.argument("new")
@fail_on_option
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@side_input_options
def command(old: str, new: str, fail_on: tuple[ChangeClass, ...], form: str, **_side_inputs: Any) -> None:
    """Tell what changes from OLD to NEW, each a YAML file, git:REV:PATH or a lock file, and what each change breaks.

    Rules are not compared, so that the files that go with them are not read. Exit code 1 where a class of --fail-on is
    among the changes, 2 where a side has errors.
    """
    from sift_codegen._diff import compare_versions, github_lines, json_text, text_lines  # noqa: PLC0415 - as needed

    comparison = compare_versions(old, new)
    for kind in fail_on:
        if kind not in comparison.compared:
            tell(f"--fail-on {kind.value}: not compared, as a lock file holds the wire layout only")
    if form == "json":
        click.echo(json_text(comparison))
    else:
        lines = text_lines(comparison) if form == "text" else github_lines(comparison, fail_on)
        for line in lines:
            click.echo(line)
    if any(change.kind in fail_on for change in comparison.changes):
        sys.exit(FINDINGS)
