"""The spool: queue, write-ahead log and send buffer in one; docs/spool-format.md."""

from __future__ import annotations

from sift_runtime._spool.core import Policy
from sift_runtime._spool.opening import SpoolSettings, open_spool
from sift_runtime._spool.spool import Spool
from sift_runtime._spool.syncing import Syncer

__all__ = ["Policy", "Spool", "SpoolSettings", "Syncer", "open_spool"]
