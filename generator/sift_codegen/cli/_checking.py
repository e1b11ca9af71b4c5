"""Checking packages and telling what was found: `check`, and `generate --check`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from sift_codegen._check import check, render_check
from sift_codegen._generate import GenerateRequest
from sift_codegen.cli._progress import progress_bar
from sift_codegen.cli._telling import FINDINGS, show

__all__ = ["check_all"]


def check_all(requests: Iterable[GenerateRequest], *, with_diff: bool = True) -> int:
    """Check packages one after the other, tell about each, and return the exit code."""
    all_current = True
    for request in requests:
        with progress_bar("checking") as advance:
            report = check(request, advance)
        show(report.plan.warnings)
        for line in render_check(report, with_diff=with_diff):
            click.echo(line)
        all_current = all_current and report.is_current
    return 0 if all_current else FINDINGS
