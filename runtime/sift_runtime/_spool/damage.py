"""What is damaged: set aside for people to look at."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Final

from sift_runtime._checked_lines import append_lines
from sift_runtime._spool.layout import HEADERS_SIZE, is_of_later_version
from sift_runtime._spool.loaded import LoadedSegment

__all__ = ["DAMAGED", "discard_segment", "keep_damage"]

_log: Final = logging.getLogger("sift_runtime")
DAMAGED: Final = ".damaged"


def keep_damage(segment: Path, loaded: LoadedSegment) -> None:
    """Keep the bytes of a segment's records that are not whole, beside it, once."""
    path = segment.with_suffix(DAMAGED)
    stretches = [(damage.start_byte, damage.end_byte) for damage in loaded.damages]
    if path.exists():
        return
    try:
        append_lines(path, [_line(start, loaded.payload[start:end]) for start, end in stretches])
    except OSError as error:
        _log.error("damaged records of spool segment %s cannot be set aside in %s: %s", segment.stem, path, error)
    else:
        records = sum(damage.end - damage.first for damage in loaded.damages)
        _log.error("%d damaged records of spool segment %s are set aside in %s", records, segment.stem, path)


def discard_segment(path: Path) -> None:
    """Set a segment aside whose header is damaged beyond use; one that nothing was written to goes."""
    try:
        with path.open("rb") as file:
            start = file.read(HEADERS_SIZE)
        if is_of_later_version(start):
            _log.error("spool segment %s is of a later version; it stays there for that", path)
            return
        if not start.strip(b"\0"):  # its process ended before it was begun
            path.unlink()
            return
        path.rename(path.with_suffix(DAMAGED))
    except OSError as error:
        _log.error("spool segment %s is damaged beyond use, and cannot be set aside: %s", path, error)
    else:
        _log.error("spool segment %s is damaged beyond use; it stays as it is, for you to look at", path)


def _line(start: int, content: memoryview) -> dict[str, object]:
    return {"start_byte": start, "bytes": base64.b64encode(content).decode()}
