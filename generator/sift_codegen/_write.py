"""Writing a package: whole or not at all, over our own files only."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sift_codegen._manifest import MANIFEST_NAME, Manifest, OutputError, read_manifest

__all__ = ["WriteReport", "write_package"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReport:
    """What writing changed; paths relative to the directory. `kept` are stale files that somebody has edited."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    unchanged: int


def write_package(directory: Path, files: dict[str, bytes]) -> WriteReport:
    """Make `directory` hold exactly these files of ours, beside whatever else is in it.

    Everything is staged on the same file system first, so that a full disk or a missing permission leaves the directory
    as it was. Files that would not change are not touched. Stale files of an earlier run go; files that the manifest
    does not list, or that were edited since, stay. Raises OutputError where a file that is not ours is in the way.
    """
    manifest = _owned(directory)
    _refuse_foreign_files(directory, files, manifest)
    changed = {path: content for path, content in files.items() if not _holds(directory / path, content)}
    stale = [path for path in manifest.files if path not in files and (directory / path).is_file()]
    removed = [path for path in stale if _is_unedited(directory / path, manifest.files[path])]
    try:
        _apply(directory, files, changed, removed)
    except OSError as error:
        raise OutputError(f"{directory}: cannot be written: {error}") from error
    return WriteReport(
        written=tuple(sorted(changed)),
        removed=tuple(sorted(removed)),
        kept=tuple(sorted(set(stale) - set(removed))),
        unchanged=len(files) - len(changed),
    )


def _owned(directory: Path) -> Manifest:
    if directory.exists() and not directory.is_dir():
        raise OutputError(f"{directory}: is a file; name a directory for the package")
    manifest = read_manifest(directory)
    if manifest is not None:
        return manifest
    if directory.is_dir() and any(directory.iterdir()):
        mend = "name an empty or new directory, or remove it yourself"
        raise OutputError(f"{directory}: not empty, and not made by sift-codegen (no {MANIFEST_NAME}); {mend}")
    return Manifest()


def _refuse_foreign_files(directory: Path, files: dict[str, bytes], manifest: Manifest) -> None:
    for path, content in files.items():
        target = directory / path
        if target.exists() and path not in manifest.files and not _holds(target, content):
            raise OutputError(f"{target}: in the way, and not made by sift-codegen; move it elsewhere")


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:  # missing or unreadable: writing it will tell
        return False


def _is_unedited(path: Path, digest: str) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _apply(directory: Path, files: dict[str, bytes], changed: dict[str, bytes], removed: list[str]) -> None:
    manifest = Manifest.of(files).encode()
    if _holds(directory / MANIFEST_NAME, manifest) and not changed and not removed:
        return
    with _staging_directory(directory) as stage:
        for path, content in {**changed, MANIFEST_NAME: manifest}.items():
            _write(stage / "new" / path, content)
        if not directory.exists():
            (stage / "new").rename(directory)
            return
        # Removals, then the manifest, then the files: wherever a kill falls, the next run knows all that is ours.
        _replace_all(stage, directory, [MANIFEST_NAME, *changed], removed)


@contextmanager
def _staging_directory(directory: Path) -> Iterator[Path]:
    """Make a directory beside the output, where a rename is one step of the file system."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", suffix=".sift-codegen", dir=directory.parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace_all(stage: Path, directory: Path, changed: list[str], removed: list[str]) -> None:
    """Exchange the files one by one; if one step fails, take every step back."""
    done: list[str] = []
    try:
        for path in [*removed, *changed]:
            _set_aside(directory / path, stage / "old" / path)
            done.append(path)
            if path not in removed:
                (directory / path).parent.mkdir(parents=True, exist_ok=True)
                (stage / "new" / path).rename(directory / path)
    except OSError:
        for path in reversed(done):
            (directory / path).unlink(missing_ok=True)
            _set_aside(stage / "old" / path, directory / path)
        raise
    for path in removed:
        _remove_empty_parents(directory, (directory / path).parent)


def _set_aside(path: Path, aside: Path) -> None:
    if path.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        path.rename(aside)


def _remove_empty_parents(directory: Path, parent: Path) -> None:
    while parent != directory and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
