"""Writing a package: whole or not at all, over our own files only."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from sift_codegen._exchange import Change, exchange
from sift_codegen._manifest import MANIFEST_NAME, Manifest, OutputError, digest_of, read_manifest
from sift_codegen._output_lock import exclusive
from sift_codegen._stage import Stage, clear_dead_stages, staging

__all__ = ["WriteReport", "absolute", "write_package"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReport:
    """What writing changed; paths relative to the directory. `kept` are stale files that somebody has edited."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    unchanged: int


def absolute(directory: Path) -> Path:
    """Return the path from the root, without `..`, and links as they are.

    Raises OutputError where the current directory is gone.
    """
    try:
        return Path(os.path.abspath(directory))  # noqa: PTH100  # resolve() follows links, and fails where they loop
    except OSError as error:
        raise OutputError(f"{directory}: the current directory is gone: {error}") from error


def write_package(directory: Path, files: dict[str, bytes]) -> WriteReport:
    """Make `directory` hold exactly these files of ours, beside whatever else is in it.

    Everything is staged on the same file system first, so that a full disk or a missing permission leaves the directory
    as it was. Files that would not change are not touched. Stale files of an earlier run go; files that the manifest
    does not list, or that were edited since, stay. Raises OutputError where a file that is not ours is in the way.
    """
    directory = absolute(directory)
    try:
        directory = _behind_links(directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(directory.parent) as alone:
            if alone:
                clear_dead_stages(directory)
            return _write_locked(directory, files)
    except OSError as error:
        raise OutputError(f"{directory}: cannot be written: {error}") from error


def _behind_links(directory: Path) -> Path:
    """Return where the files are: what is staged beside a link may be on another file system, and have another lock."""
    return Path(os.path.realpath(directory)) if directory.is_dir() else directory


def _write_locked(directory: Path, files: dict[str, bytes]) -> WriteReport:
    is_there = os.path.lexists(directory)
    manifest = _settled(directory, _owned(directory))
    _refuse_what_is_in_the_way(directory, files, manifest)
    changed = {path: content for path, content in files.items() if not _holds(directory / path, content)}
    stale = [path for path in manifest.files if path not in files and (directory / path).is_file()]
    removed = tuple(path for path in stale if _is_unedited(directory / path, manifest.files[path]))
    after = Manifest.of(files)
    if changed or removed or not _holds(directory / MANIFEST_NAME, after.encode()):
        with staging(directory) as stage:
            if is_there:
                exchange(stage, directory, Change(changed, removed, manifest, after))
            else:
                _place(stage, directory, {**files, MANIFEST_NAME: after.encode()})
    return WriteReport(
        written=tuple(sorted(changed)),
        removed=tuple(sorted(removed)),
        kept=tuple(sorted(set(stale) - set(removed))),
        unchanged=len(files) - len(changed),
    )


def _place(stage: Stage, directory: Path, files: dict[str, bytes]) -> None:
    stage.write(files)
    stage.new.rename(directory)  # which fails if something has come there meanwhile


def _settled(directory: Path, manifest: Manifest) -> Manifest:
    """Return which of its two states each file is in where a run was killed: so may be the next, too."""
    if not manifest.before:
        return manifest
    files: dict[str, str] = {}
    for path, digest in manifest.files.items():
        if os.path.lexists(directory / path):
            was = manifest.before.get(path, digest)
            files[path] = was if _is_unedited(directory / path, was) else digest
    return Manifest(files)


def _owned(directory: Path) -> Manifest:
    if os.path.lexists(directory) and not directory.is_dir():
        raise OutputError(f"{directory}: is no directory; name a directory for the package")
    manifest = read_manifest(directory)
    if manifest is not None:
        return manifest
    if directory.is_dir() and any(directory.iterdir()):
        mend = "name an empty or new directory, or remove it yourself"
        raise OutputError(f"{directory}: not empty, and not made by sift-codegen (no {MANIFEST_NAME}); {mend}")
    return Manifest()


def _refuse_what_is_in_the_way(directory: Path, files: dict[str, bytes], manifest: Manifest) -> None:
    for path, content in files.items():
        target = directory / path
        for parent in target.relative_to(directory).parents:
            if os.path.lexists(directory / parent) and not (directory / parent).is_dir():
                raise OutputError(f"{directory / parent}: in the way, a directory has to be there; move it elsewhere")
        if not os.path.lexists(target):
            continue
        kind = target.lstat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
            raise OutputError(f"{target}: in the way, and no file; move it elsewhere")
        if path not in manifest.files and not _holds(target, content):
            raise OutputError(f"{target}: in the way, and not made by sift-codegen; move it elsewhere")


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:  # missing or unreadable: writing it will tell
        return False


def _is_unedited(path: Path, digest: str) -> bool:
    try:
        return digest_of(path.read_bytes()) == digest
    except OSError:  # unreadable: somebody has made it so
        return False
