"""What one side of a comparison is, and reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import SourceFile
from sift_codegen._diff._git import GitError, read_at_revision
from sift_codegen._lock import LOCK_MARK, LockFile, lock_of
from sift_codegen._read_config import read_without_rules
from sift_codegen._read_source import read_source, source_of

__all__ = ["Version", "read_version"]

_GIT: Final = "git:"
_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True)
class Version:
    """A config or a lock file: how it was asked for, and its path, which may be that in a revision."""

    name: str
    path: Path
    content: TelemetryConfig | LockFile


def read_version(name: str) -> Version:
    """Read a YAML file, `git:REV:path` or a lock file.

    Raises ConfigError with every error of it, GitError where git does not have it.
    """
    path, source = _source(name)
    is_lock = path.suffix == _LOCK or source.text.startswith(LOCK_MARK)
    content = lock_of(source) if is_lock else read_without_rules(source)
    return Version(name, path, content)


def _source(name: str) -> tuple[Path, SourceFile]:
    if not name.startswith(_GIT):
        return Path(name), read_source(Path(name))
    revision, found, path = name.removeprefix(_GIT).partition(":")
    if not found or not path:
        raise GitError(f"{name}: name a revision and a path, as in git:HEAD:vehicle.yaml")
    return Path(path), source_of(read_at_revision(revision, Path(path)), Path(path).name, name)
