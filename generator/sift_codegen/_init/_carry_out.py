"""Doing what was planned."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sift_codegen._init._steps import Outcome, Step
from sift_codegen._manifest import OutputError

__all__ = ["carry_out"]


def carry_out(steps: Iterable[Step]) -> None:
    """Write the files. A file that is to be new is never written over, and one that grows does so whole or not at all.

    Raises OutputError where a file cannot be written; what was written before it stays.
    """
    for step in steps:
        try:
            if step.outcome is Outcome.CREATE:
                _create(step.path, step.content)
            elif step.outcome is Outcome.EXTEND:
                _exchange(step.path.resolve(), step.content)
        except OSError as error:
            raise OutputError(f"{step.path}: cannot be written: {error}") from error


def _create(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)


def _exchange(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
