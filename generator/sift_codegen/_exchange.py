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
    stage.write({**change.written, MANIFEST_NAME: change.before.joined_with(change.after).encode()})
    try:
        _put(stage, directory, MANIFEST_NAME, steps)
        for path in change.written:
            _put(stage, directory, path, steps)
        for path in change.removed:
            steps.append(_Step(path, stage.save(directory, path)))
            (directory / path).unlink()
            _remove_empty_parents(directory, (directory / path).parent)
        stage.write({MANIFEST_NAME: change.after.encode()})
        _put(stage, directory, MANIFEST_NAME, steps)
    except BaseException as error:  # Ctrl-C, too, must not leave half of it
        stage.keeps = True
        failed = _take_all_back(directory, steps)
        stage.keeps = bool(failed)
        if failed:
            raise OutputError(
                f"{directory}: cannot be written ({error}), and could not be put back as it was: {'; '.join(failed)}. "
                f"The old files are in {stage.rescue()}; put them back, or generate again"
            ) from error
        raise


def _put(stage: Stage, directory: Path, path: str, steps: list[_Step]) -> None:
    target = directory / path
    first_save = path != MANIFEST_NAME or not steps
    saved = stage.save(directory, path) if first_save else None
    if first_save:
        steps.append(_Step(path, saved))
    target.parent.mkdir(parents=True, exist_ok=True)
    (stage.new / path).replace(target)


def _take_all_back(directory: Path, steps: list[_Step]) -> list[str]:
    """Take the steps back, the last one first; returns what could not be, and why."""
    failed: dict[str, str] = {}
    while steps:
        path = steps[-1].path
        try:
            if not (failed and path == MANIFEST_NAME):  # which has to list what is there: both, then
                _take_back(directory, steps[-1])
            steps.pop()
        except OSError as error:
            failed[path] = f"{path} ({error.strerror})"
            steps.pop()
        except KeyboardInterrupt:  # once more: ending a moment later is better than half of it
            continue
    return list(failed.values())


def _take_back(directory: Path, step: _Step) -> None:
    target = directory / step.path
    if step.saved is None:
        target.unlink(missing_ok=True)
        _remove_empty_parents(directory, target.parent)
    elif os.path.lexists(step.saved):  # which it is not where it has been put back already
        target.parent.mkdir(parents=True, exist_ok=True)
        step.saved.replace(target)


def _remove_empty_parents(directory: Path, parent: Path) -> None:
    while parent != directory and not (parent.is_dir() and any(parent.iterdir())):
        if parent.is_dir():
            parent.rmdir()
        parent = parent.parent
