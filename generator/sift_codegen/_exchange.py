"""Exchanging files one by one, with every step taken back where one fails."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sift_codegen._manifest import MANIFEST_NAME, Manifest, OutputError
from sift_codegen._stage import Stage

__all__ = ["Change", "exchange"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a directory's files become: contents by path, paths that go, and the manifests before and after."""

    written: dict[str, bytes]
    removed: tuple[str, ...]
    before: Manifest
    after: Manifest


@dataclass(frozen=True, slots=True)
class _Step:
    path: str
    saved: Path | None


def exchange(stage: Stage, directory: Path, change: Change) -> None:
    """Make the change, or nothing of it.

    Each file is exchanged in one step, so that none is ever absent. While it lasts, the manifest lists what was and
    what will be: wherever a kill falls, the next run knows all that is ours. Raises OSError; or OutputError where a
    step could not be taken back, which names the directory that still holds the old files.
    """
    steps: list[_Step] = []
    try:
        _put(stage, directory, MANIFEST_NAME, change.before.joined_with(change.after).encode(), steps)
        for path, content in change.written.items():
            _put(stage, directory, path, content, steps)
        for path in change.removed:
            steps.append(_Step(path, stage.save(directory, path)))
            (directory / path).unlink()
        _put(stage, directory, MANIFEST_NAME, change.after.encode(), steps)
    except BaseException as error:  # Ctrl-C, too, must not leave half of it
        failed = [step.path for step in reversed(steps) if not _take_back(directory, step)]
        if failed:
            stage.keeps = True
            place = stage.root.with_suffix(".rescued") / "old"
            raise OutputError(
                f"{directory}: left half written: {', '.join(failed)} could not be put back ({error}); "
                f"the old files are in {place}"
            ) from error
        raise
    for path in change.removed:
        _remove_empty_parents(directory, (directory / path).parent)


def _put(stage: Stage, directory: Path, path: str, content: bytes, steps: list[_Step]) -> None:
    new = stage.write(path, content)
    target = directory / path
    first_save = all(step.path != path for step in steps)
    saved = stage.save(directory, path) if first_save else None
    target.parent.mkdir(parents=True, exist_ok=True)
    if first_save:
        steps.append(_Step(path, saved))
    new.replace(target)


def _take_back(directory: Path, step: _Step) -> bool:
    target = directory / step.path
    try:
        if step.saved is None:
            target.unlink(missing_ok=True)
            _remove_empty_parents(directory, target.parent)
        elif os.path.lexists(step.saved):  # which it is not where the step was never taken
            step.saved.replace(target)
    except OSError:
        return False
    return True


def _remove_empty_parents(directory: Path, parent: Path) -> None:
    while parent != directory and parent.is_dir() and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
