"""The file that says what became of a segment's records; written to as long as that can be done."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Final

__all__ = ["SettlementLog"]

_log: Final = logging.getLogger("sift_runtime")
_OURS_ALONE: Final = 0o600


class SettlementLog:
    """Entries of one size; what the disk did not take is written before the next, whole.

    Where it never is, the records it tells of are sent again after a restart: twice, but never not at all. An entry
    that an earlier process has left cut short is filled up, so that those behind it stand where they are looked for.
    """

    def __init__(self, path: Path) -> None:
        """Open the file with the first entry."""
        self._path = path
        self._descriptor = -1
        self._left = b""
        self._complained = False

    def append(self, entry: bytes) -> None:
        """Write an entry, behind what is left of those before."""
        self._left += entry
        try:
            if self._descriptor < 0:
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
                self._descriptor = os.open(self._path, flags, _OURS_ALONE)
                self._left = bytes(-os.fstat(self._descriptor).st_size % len(entry)) + self._left
            self._left = self._left[os.write(self._descriptor, self._left) :]
        except OSError as error:
            if not self._complained:
                self._complained = True
                _log.warning(
                    "%s cannot be written to; after a restart some flows may be sent twice: %s", self._path, error
                )

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
