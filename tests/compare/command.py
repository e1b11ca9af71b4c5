"""Runs the command in this process, where a process of its own for each of many cases would take minutes."""

from __future__ import annotations

import os
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner, Result

from sift_codegen.cli import main

__all__ = ["run"]


def run(*words: object, cwd: Path) -> Result:
    """Run `sift-codegen` with these words in a directory; what it raises unexpectedly is raised."""
    with chdir(cwd):
        result = CliRunner().invoke(main, [os.fspath(word) if isinstance(word, Path) else str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
