"""From two versions to the changes between them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from sift_codegen._compare import Change, ChangeClass, compare_configs, wire_changes
from sift_codegen._config import FlowConfig, TelemetryConfig
from sift_codegen._diagnostics import SiftCodegenError
from sift_codegen._diff._versions import Version, read_version
from sift_codegen._lock import LockFile

__all__ = ["Comparison", "compare_versions"]

_ON_THE_WIRE: Final = (ChangeClass.WIRE, ChangeClass.ADDED)
_NO_DRIFT: Final = ("new flow", "flow removed", "may be left out")


class AmbiguousLockError(SiftCodegenError):
    """A lock file of several configs, none of which is the other side's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes from one version to another, and the classes that could be told apart."""

    old: Version
    new: Version
    changes: tuple[Change, ...]
    compared: tuple[ChangeClass, ...] = tuple(ChangeClass)

    @property
    def drifts_under(self) -> str | None:
        """The client key under which a server has another layout than the new one, None where there is none."""
        old, new = self.old.content, self.new.content
        if isinstance(new, LockFile) or new.client_key is None:
            return None
        is_same = isinstance(old, LockFile) or old.client_key == new.client_key
        drifts = any(change.kind in _ON_THE_WIRE and change.message not in _NO_DRIFT for change in self.changes)
        return new.client_key if is_same and drifts else None


def compare_versions(old_name: str, new_name: str) -> Comparison:
    """Compare two versions, each a YAML file, `git:REV:path` or a lock file.

    Raises ConfigError with every error of a version, and other SiftCodegenErrors where one is not to be had.
    """
    old, new = read_version(old_name), read_version(new_name)
    if isinstance(old.content, TelemetryConfig) and isinstance(new.content, TelemetryConfig):
        return Comparison(old, new, compare_configs(old.content, new.content))
    pairs = _flow_pairs(old, new)
    changes = tuple(change for before, after in pairs for change in wire_changes(before, after))
    return Comparison(old, new, changes, _ON_THE_WIRE)


def _flow_pairs(old: Version, new: Version) -> list[tuple[tuple[FlowConfig, ...], tuple[FlowConfig, ...]]]:
    before, after = old.content, new.content
    if isinstance(before, LockFile) and isinstance(after, LockFile):
        paths = dict.fromkeys(config.path for config in (*before.configs, *after.configs))
        return [(before.flows_of(path) or (), after.flows_of(path) or ()) for path in paths]
    if isinstance(before, LockFile):
        return [(_frozen(old, before, new), _flows(after))]
    return [(_flows(before), _frozen(new, after, old))]


def _flows(content: TelemetryConfig | LockFile) -> tuple[FlowConfig, ...]:
    return content.flows if isinstance(content, TelemetryConfig) else ()


def _frozen(lock: Version, file: TelemetryConfig | LockFile, other: Version) -> tuple[FlowConfig, ...]:
    """Return the flows of the other side's config, or of the only one."""
    if isinstance(file, TelemetryConfig):
        return file.flows
    path = os.path.relpath(other.path, lock.path.parent).replace(os.sep, "/")
    flows = file.flows_of(path)
    if flows is not None:
        return flows
    if len(file.configs) == 1:
        return file.configs[0].flows
    known = ", ".join(config.path for config in file.configs) or "none"
    raise AmbiguousLockError(f"{lock.name}: holds no layout of {path}; it holds those of: {known}")
