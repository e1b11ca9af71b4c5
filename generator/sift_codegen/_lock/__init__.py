"""The lock file: what bytes on the wire mean, frozen for review."""

from __future__ import annotations

from sift_codegen._lock._encode import LOCK_MARK
from sift_codegen._lock._file import LOCK_NAME, LockedConfig, LockFile, lock_of, read_lock
from sift_codegen._lock._plan import LockPlan, plan_lock
from sift_codegen._lock._refusal import break_diagnostics, gone_note, ways_out
from sift_codegen._lock._store import storing

__all__ = [
    "LOCK_MARK",
    "LOCK_NAME",
    "LockFile",
    "LockPlan",
    "LockedConfig",
    "break_diagnostics",
    "gone_note",
    "lock_of",
    "plan_lock",
    "read_lock",
    "storing",
    "ways_out",
]
