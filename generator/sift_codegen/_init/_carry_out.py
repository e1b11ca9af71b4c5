"""Doing what was planned."""

from __future__ import annotations

from collections.abc import Iterable

from sift_codegen._init._steps import Outcome, Step
from sift_codegen._manifest import OutputError
from sift_codegen._write_file import write_file

__all__ = ["carry_out"]


def carry_out(steps: Iterable[Step]) -> None:
    """Write the files. A file that is to be new is never written over, and one that grows does so whole or not at all.

    Raises OutputError where a file cannot be written; what was written before it stays.
    """
    for step in steps:
        try:
            step.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{step.path}: cannot be written: {error}") from error
        if step.outcome in (Outcome.CREATE, Outcome.EXTEND):
            write_file(step.path, step.content, overwrite=step.outcome is Outcome.EXTEND)
