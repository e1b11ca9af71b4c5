"""Files of JSON lines, each behind its CRC-32: what is cut short or damaged counts for nothing, and all else stays."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from zlib import crc32

__all__ = ["append_lines", "read_lines", "write_lines"]

_OURS_ALONE: Final = 0o600


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that are whole; none where there is no file. Raises OSError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for line in content.splitlines():
        checksum, _, text = line.partition(b" ")
        if checksum == b"%08x" % crc32(text):
            yield json.loads(text)


def append_lines(path: Path, lines: Iterable[dict[str, Any]], *, sync: bool = True) -> None:
    """Append lines, all or none; by default, wait until they are on the disk. Raises OSError."""
    _write(path, os.O_APPEND, lines, sync=sync)


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Put these lines in the place of all others, at once or not at all; raises OSError."""
    new = path.with_name(f"{path.name}.new")
    _write(new, os.O_TRUNC, lines, sync=True)
    new.replace(path)


def _write(path: Path, flags: int, lines: Iterable[dict[str, Any]], *, sync: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, _OURS_ALONE)
    try:
        before = os.fstat(descriptor).st_size
        try:
            _write_all(descriptor, b"".join(map(_packed, lines)))
        except OSError:
            os.ftruncate(descriptor, before)  # whoever tries again writes them once, not in part and once more
            raise
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _packed(line: dict[str, Any]) -> bytes:
    text = json.dumps(line, separators=(",", ":")).encode()
    return b"\n%08x %s\n" % (crc32(text), text)  # begins anew after a line that was cut short
