"""What generating a package means for its lock file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sift_codegen._compare import Change, ChangeClass, wire_changes
from sift_codegen._config import FlowConfig
from sift_codegen._lock._file import LOCK_NAME, LockedConfig, LockFile, read_lock

__all__ = ["LockPlan", "plan_lock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockPlan:
    """A lock file as it is, and as `content` it is to be for one config.

    `section` is the config as it is to be frozen, `locked_as` the path that it stands under: an older one where it was
    renamed. `changes` are those on the wire since.
    """

    path: Path
    file: LockFile
    content: bytes
    section: LockedConfig
    locked_as: str
    changes: tuple[Change, ...]

    @property
    def frozen(self) -> tuple[FlowConfig, ...]:
        """The flows as they are frozen."""
        return self.file.flows_of(self.locked_as) or ()

    @property
    def breaks(self) -> tuple[Change, ...]:
        """What changes the meaning of what is frozen."""
        return tuple(change for change in self.changes if change.kind is ChangeClass.WIRE)

    def content_over(self, file: LockFile) -> bytes:
        """Return what the file is to be where it has become another one since."""
        return file.encoded_with(self.section, self.locked_as)

    @property
    def is_current(self) -> bool:
        """Whether the file is as it is to be."""
        source = self.file.source
        return source is not None and source.text.replace("\r\n", "\n").encode() == self.content


def plan_lock(config: Path, flows: tuple[FlowConfig, ...], lock: Path | None) -> LockPlan | None:
    """Return the plan for the lock file, or None where there is none and none is asked for.

    `lock` names the file, which is made if need be; by default, one beside the config is heeded.
    Raises ConfigError where the file is damaged.
    """
    path = lock or config.with_name(LOCK_NAME)
    file = read_lock(path)
    if lock is None and file.source is None:
        return None
    home = Path(os.path.realpath(path)).parent
    section = LockedConfig(_relative(config, home), flows)
    locked_as = _locked_as(file, section.path, home)
    frozen = file.flows_of(locked_as)
    changes = () if frozen is None else tuple(wire_changes(frozen, flows))
    content = file.encoded_with(section, locked_as)
    return LockPlan(path=path, file=file, content=content, section=section, locked_as=locked_as, changes=changes)


def _locked_as(file: LockFile, path: str, home: Path) -> str:
    """Return where a config is to be found in a lock file: it has been renamed if just one has gone."""
    gone = [config.path for config in file.configs if not (home / config.path).exists()]
    is_new = file.flows_of(path) is None
    return gone[0] if is_new and len(gone) == 1 else path


def _relative(config: Path, home: Path) -> str:
    try:
        return Path(os.path.relpath(os.path.realpath(config), home)).as_posix()
    except ValueError:  # on another drive
        return config.name
