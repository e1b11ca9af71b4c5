"""`sift-codegen check`."""

from __future__ import annotations

import sys
from typing import Any

import click

from sift_codegen.cli._checking import check_all
from sift_codegen.cli._options import package_options
from sift_codegen.cli._targets import PackageWords, requests_of

__all__ = ["command"]


@click.command("check")
@package_options
@click.option("--no-diff", is_flag=True, help="Tell which files differ, and not how.")
def command(no_diff: bool, **words: Any) -> None:
    """Tell whether the package of CONFIG, or each of the project, is what would be generated now; writes nothing.

    Exit code 1 if it is not, or if the lock file would change or be broken.
    """
    sys.exit(check_all(requests_of(PackageWords(**words)), with_diff=not no_diff))
