"""A lock file in memory, and reading one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_codegen._config import FlowConfig
from sift_codegen._diagnostics import SourceFile
from sift_codegen._lock._decode import decode_lock
from sift_codegen._lock._encode import LockedConfig, encode_lock
from sift_codegen._read_source import read_source

__all__ = ["LOCK_NAME", "LockFile", "LockedConfig", "lock_of", "read_lock"]

LOCK_NAME: Final = "sift-codegen.lock"


@dataclass(frozen=True, slots=True)
class LockFile:
    """The configs of a lock file; `source` is None where there is none yet."""

    source: SourceFile | None = None
    configs: tuple[LockedConfig, ...] = ()

    def flows_of(self, path: str) -> tuple[FlowConfig, ...] | None:
        """Return the flows of a config as they are frozen, None where it is not in the file."""
        return next((config.flows for config in self.configs if config.path == path), None)

    def encoded_with(self, config: LockedConfig, instead_of: str) -> bytes:
        """Return the content of the file with a config in place of the one of that path, or added."""
        others = (other for other in self.configs if other.path not in (config.path, instead_of))
        return encode_lock((*others, config))


def read_lock(path: Path) -> LockFile:
    """Return a lock file, an empty one where there is none.

    Raises ConfigError where it is damaged, or not as sift-codegen has written it.
    """
    if not os.path.lexists(path):
        return LockFile()
    return lock_of(read_source(path))


def lock_of(source: SourceFile) -> LockFile:
    """Return the lock file that a text is; raises ConfigError where it is not as sift-codegen has written it."""
    return LockFile(source, decode_lock(source))
