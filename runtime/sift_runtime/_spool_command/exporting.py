"""`sift-spool export --pbfs`: files that Sift's own tool replays.

A file is chunks, one behind the other: CRC-32 of all that follows, its length (8 bytes), then each message behind its
length (4 bytes); all little-endian (sift_pbfs, as of sift-stream 0.6).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

__all__ = ["write_pbfs"]

_CHUNK: Final = 1024 * 1024
_LARGEST_FILE: Final = 500 * 1024 * 1024  # at which Sift's own writer begins another; replay reads a file as a whole
_OURS_ALONE: Final = 0o600


def write_pbfs(folder: Path, name: str, messages: Iterable[bytes]) -> list[Path]:
    """Write messages to as many files as it takes; returns them. Raises OSError."""
    files: list[Path] = []
    size = _LARGEST_FILE
    for chunk in _chunks(messages):
        if size + len(chunk) > _LARGEST_FILE:
            files.append(folder / (name if not files else f"{name}-{len(files) + 1}"))
            size = 0
        descriptor = os.open(files[-1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OURS_ALONE)
        with os.fdopen(descriptor, "ab") as file:
            file.write(chunk)
        size += len(chunk)
    return files


def _chunks(messages: Iterable[bytes]) -> Iterator[bytes]:
    entries, size = [], 0
    for message in messages:
        entries.append(len(message).to_bytes(4, "little") + message)
        size += len(entries[-1])
        if size >= _CHUNK:
            yield _chunk(b"".join(entries))
            entries, size = [], 0
    if entries:
        yield _chunk(b"".join(entries))


def _chunk(entries: bytes) -> bytes:
    checked = len(entries).to_bytes(8, "little") + entries
    return crc32(checked).to_bytes(4, "little") + checked
