"""A bar for what takes its time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from sift_codegen._render import Progress

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(first: str, label: str = "") -> Iterator[Progress]:
    """Show a bar on standard error where somebody looks at it; yields what moves it on.

    `label` takes the place of `first` when it first moves on: reading comes before what can be counted.
    """
    watched = sys.stderr is not None and sys.stderr.isatty()  # there is none where it was closed
    with click.progressbar(length=1, label=first, file=sys.stderr, hidden=not watched) as bar:

        def advance(done: int, total: int) -> None:
            bar.label, bar.length = label or first, total
            bar.update(1)

        yield advance
