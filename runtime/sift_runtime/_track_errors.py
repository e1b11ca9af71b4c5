"""What becomes of flows that cannot be tracked: counted, kept, and logged without flooding the log."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Final

from sift_runtime._errors import TrackError

__all__ = ["TrackErrors"]

_log: Final = logging.getLogger("sift_runtime")


class TrackErrors:
    """Logs the 1st, 2nd, 4th, 8th … error of each kind of flow, with its number."""

    def __init__(self) -> None:
        """Start without errors."""
        self._lock = threading.RLock()  # a signal's handler may track in the middle of note()
        self._counts: Counter[str] = Counter()
        self.last: TrackError | None = None

    def note(self, flow: object, error: TrackError) -> None:
        """Keep an error of a flow, which may be a name; log it if it is due."""
        name = flow if isinstance(flow, str) else type(flow).__name__
        with self._lock:
            self._counts[name] += 1
            count = self._counts[name]
            self.last = error
        if count & (count - 1) == 0:
            _log.error("flow not tracked (error %d of %s): %s", count, name, error)
