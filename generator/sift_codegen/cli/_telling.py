"""What subcommands tell on the terminal, and the exit codes they end with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from sift_codegen._diagnostics import Diagnostic, Severity
from sift_codegen._render_diagnostics import render_diagnostic

__all__ = ["CONFIG_ERROR", "FINDINGS", "INTERRUPTED", "NETWORK_ERROR", "count", "show", "tell"]

FINDINGS: Final = 1
CONFIG_ERROR: Final = 2
NETWORK_ERROR: Final = 3
INTERRUPTED: Final = 130  # as shells tell of a program that Ctrl-C has ended


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """Show findings on standard error, like a compiler's."""
    for diagnostic in diagnostics:
        colour = "red" if diagnostic.severity is Severity.ERROR else "yellow"
        first, _, rest = render_diagnostic(diagnostic).partition("\n")
        click.echo(click.style(first, fg=colour) + ("\n" + rest if rest else ""), err=True)


def tell(message: object) -> None:
    """Say on standard error what came in the way."""
    click.echo(f"sift-codegen: {message}", err=True)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 flow`, `2 flows`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
