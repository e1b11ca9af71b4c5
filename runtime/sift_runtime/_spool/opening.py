"""Opening a spool: a directory of our own, and all that processes which are gone have left."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sift_runtime._errors import SettingsError
from sift_runtime._generation import Generation
from sift_runtime._monitor import Monitor
from sift_runtime._settings import BatchLimits
from sift_runtime._spool.core import Policy
from sift_runtime._spool.shelf import Shelf
from sift_runtime._spool.spool import Spool
from sift_runtime._spool.store import MemoryStore, Store

if TYPE_CHECKING:
    from sift_runtime._spool.directory import DirectoryStore

__all__ = ["SpoolSettings", "open_left", "open_spool"]

_log: Final = logging.getLogger("sift_runtime")
_IN_MEMORY: Final = 64 * 1024 * 1024
_ON_DISK: Final = 1024 * 1024 * 1024
# A disk that is full, broken or read-only must keep no vehicle from flying; a wrong path is for its user to mend.
_DISK_TROUBLE: Final = frozenset({errno.ENOSPC, errno.EIO, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolSettings:
    """Where the spool is (None: in memory), how large it may get (None: 64 MiB, or 1 GiB on disk), and what then."""

    root: Path | None
    capacity_bytes: int | None
    policy: Policy
    limits: BatchLimits


def open_spool(settings: SpoolSettings, generation: Generation, monitor: Monitor) -> Spool:
    """Open a spool for records of this generation, and adopt what processes that are gone have left.

    Raises SettingsError for a directory that cannot be used.
    """
    stores: Sequence[Store] = [MemoryStore()]
    trouble: OSError | None = None
    if settings.root is not None:
        try:
            stores = _stores(settings.root)
        except OSError as error:
            trouble = error
    try:
        shelf = Shelf(stores, _capacity(settings, stores), generation)
    except OSError as error:
        _log.error("the spool in %s cannot be read, data is in memory: %s", settings.root, error)
        for store in stores:
            store.close()
        stores, trouble = [MemoryStore()], error
        shelf = Shelf(stores, _capacity(settings, stores), generation)
    shelf.maker.trouble = shelf.maker.trouble or trouble
    spool = Spool(shelf, settings.limits, settings.policy, monitor)
    spool.directories = tuple(store.path for store in stores if store.path is not None)
    return spool


def _capacity(settings: SpoolSettings, stores: Sequence[Store]) -> int:
    return settings.capacity_bytes or (_ON_DISK if stores[0].outlives_process else _IN_MEMORY)


def open_left(path: Path, generation: Generation, monitor: Monitor) -> Spool:
    """Open what processes that are gone have left in a spool, or in one directory of it, to send it.

    Raises SettingsError where there is nothing that no living process has.
    """
    from sift_runtime._spool.directory import DirectoryStore  # noqa: PLC0415  # needs fcntl
    from sift_runtime._spool.ownership import free_directories, own  # noqa: PLC0415

    owned = [*free_directories(path)] or [one for one in (own(path),) if one is not None]
    if not owned:
        raise SettingsError(f"{str(path)!r} holds no spool directory that is not in use by a living process")
    stores = [DirectoryStore(each) for each in reversed(owned)]
    shelf = Shelf(stores, _ON_DISK, generation)
    spool = Spool(shelf, BatchLimits(), Policy(), monitor)
    spool.directories = tuple(each.path for each in stores if each.path is not None)
    return spool


def _stores(root: Path) -> Sequence[Store]:
    """Return our directory first, and then those of others; raises OSError for a disk that is in trouble."""
    if sys.byteorder != "little":
        raise SettingsError(f"spool {str(root)!r}: a spool on disk needs a little-endian processor; leave spool out")
    try:
        from sift_runtime._spool.directory import DirectoryStore  # noqa: PLC0415  # needs fcntl
        from sift_runtime._spool.ownership import free_directories, new_directory  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(f"spool {str(root)!r}: this system has no {error.name}; leave spool out") from error
    try:
        owned = [*free_directories(root)] or [new_directory(root)]
    except OSError as error:
        if error.errno not in _DISK_TROUBLE:
            raise SettingsError(f"spool {str(root)!r} cannot be used as a directory: {error}") from error
        _log.error("no spool can be made in %s, data is in memory and is lost with the process: %s", root, error)
        raise
    own, *others = [DirectoryStore(each) for each in reversed(owned)]  # the newest is our own from now on
    return [own, *(other for other in others if not _folded(other, own))]


def _folded(spent: DirectoryStore, own: DirectoryStore) -> bool:
    """Whether a directory held nothing but its ledger, and is gone now, as forked children leave them."""
    try:
        return spent.fold_into(own)
    except OSError as error:
        _log.warning("spool directory %s cannot be removed: %s", spent.path, error)
        return False
