"""Writing a lock file together with its package: the package first, and the lock only if that went well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sift_codegen._lock._file import read_lock
from sift_codegen._lock._plan import LockPlan
from sift_codegen._manifest import OutputError
from sift_codegen._output_lock import exclusive

__all__ = ["storing"]


@contextmanager
def storing(plan: LockPlan | None) -> Iterator[None]:
    """Write the lock file if the block succeeds; a file that would not change is not touched.

    The new content is written beside it before the block, so that a full disk or a missing permission is found while
    nothing has changed yet. Raises OutputError.
    """
    if plan is None or plan.is_current:
        yield
        return
    target = Path(os.path.realpath(plan.path))
    stage = target.with_name(f".{target.name}.new")
    try:
        _write(stage, plan.content, plan)
        yield
        _exchange(stage, target, plan)
    finally:
        with suppress(OSError):  # there is none where it has taken its place, or could not be made
            stage.unlink()


def _exchange(stage: Path, target: Path, plan: LockPlan) -> None:
    try:
        with exclusive(target.parent):
            _write(stage, plan.content_over(read_lock(target)), plan)  # another run may have added its config
            stage.replace(target)
    except OSError as error:
        raise _refusal(plan, error) from error


def _write(path: Path, content: bytes, plan: LockPlan) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _refusal(plan, error) from error


def _refusal(plan: LockPlan, error: OSError) -> OutputError:
    return OutputError(f"{plan.path}: cannot be written: {error}")
