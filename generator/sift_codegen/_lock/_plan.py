"""What generating a package means for its lock file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sift_codegen._compare import Change, ChangeClass, wire_changes
from sift_codegen._config import FlowConfig
from sift_codegen._diagnostics import ConfigError, Diagnostic
from sift_codegen._lock._file import LOCK_NAME, LockedConfig, LockFile, read_lock

__all__ = ["LockPlan", "plan_lock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockPlan:
    """A lock file as it is, and as `content` it is to be for one config.

    `section` is the config as it is to be frozen, `locked_as` the path that it stands under: an older one where it was
    renamed. `changes` are those on the wire since. `gone` are the paths of sections whose configs are gone, where the
    config is new and none of them fits.
    """

    path: Path
    file: LockFile
    content: bytes
    section: LockedConfig
    locked_as: str
    changes: tuple[Change, ...]
    gone: tuple[str, ...]

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
    Raises ConfigError where the file is damaged, or where several of its configs may be this one under an older name.
    """
    path = lock or config.with_name(LOCK_NAME)
    file = read_lock(path)
    if lock is None and file.source is None:
        return None
    home = Path(os.path.realpath(path)).parent
    section = LockedConfig(_relative(config, home), flows)
    gone = () if file.flows_of(section.path) is not None else _gone(file, home)
    locked_as = _locked_as(section, gone)
    frozen = file.flows_of(locked_as)
    return LockPlan(
        path=path,
        file=file,
        content=file.encoded_with(section, locked_as),
        section=section,
        locked_as=locked_as,
        changes=() if frozen is None else tuple(wire_changes(frozen, flows)),
        gone=tuple(config.path for config in gone) if frozen is None else (),
    )


def _gone(file: LockFile, home: Path) -> tuple[LockedConfig, ...]:
    return tuple(config for config in file.configs if not (home / config.path).exists())


def _locked_as(section: LockedConfig, gone: tuple[LockedConfig, ...]) -> str:
    """Return where a new config is to be found in a lock file: it was renamed if one that is gone shares a flow."""
    names = {flow.name for flow in section.flows}
    fitting = [config for config in gone if names.intersection(flow.name for flow in config.flows)]
    if len(fitting) > 1:
        raise ConfigError((_ambiguous(section.path, fitting),))
    return fitting[0].path if fitting else section.path


def _ambiguous(path: str, fitting: list[LockedConfig]) -> Diagnostic:
    message = f"{path!r} may be any of several configs that are gone, as it shares flows with the sections of each"
    frozen = (f"{config.path!r} is frozen at {config.flows[0].position}" for config in fitting)
    mends = (
        "rename one config at a time, and generate after each",
        "or, if nothing that was recorded or is running matters: remove the file and generate with --lock",
    )
    return Diagnostic(fitting[0].flows[0].position, message, (*frozen, *mends))


def _relative(config: Path, home: Path) -> str:
    try:
        return Path(os.path.relpath(os.path.realpath(config), home)).as_posix()
    except ValueError:  # on another drive
        return config.name
