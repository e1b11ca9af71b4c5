"""The spool: queue, write-ahead log and send buffer in one; docs/spool-format.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_runtime._generation import Generation
from sift_runtime._settings import BatchLimits
from sift_runtime._spool.core import Policy
from sift_runtime._spool.shelf import Shelf
from sift_runtime._spool.spool import Spool
from sift_runtime._spool.store import MemoryStore, Store

__all__ = ["Policy", "Spool", "SpoolSettings", "open_spool"]

_IN_MEMORY: Final = 64 * 1024 * 1024
_ON_DISK: Final = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolSettings:
    """Where the spool is (None: in memory), how large it may get (None: 64 MiB, or 1 GiB on disk), and what then."""

    root: Path | None
    capacity_bytes: int | None
    policy: Policy
    limits: BatchLimits


def open_spool(settings: SpoolSettings, generation: Generation) -> Spool:
    """Open a spool for records of this generation, and adopt what processes that are gone have left; raises OSError."""
    capacity = settings.capacity_bytes or (_IN_MEMORY if settings.root is None else _ON_DISK)
    stores = _stores(settings.root)
    shelf = Shelf(stores, capacity, generation)
    directories = tuple(store.path for store in stores if store.path is not None)
    return Spool(shelf, settings.limits, settings.policy, directories)


def _stores(root: Path | None) -> Sequence[Store]:
    if root is None:
        return [MemoryStore()]
    from sift_runtime._spool.directory import DirectoryStore  # noqa: PLC0415  # needs fcntl, which not all systems have
    from sift_runtime._spool.ownership import free_directories, new_directory  # noqa: PLC0415

    owned = [*free_directories(root)] or [new_directory(root)]
    return [DirectoryStore(each) for each in reversed(owned)]  # the newest is our own from now on
