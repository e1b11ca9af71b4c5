"""Reading files: bytes to text, with the hash that generated headers show."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Final

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SourceFile

__all__ = ["read_source", "source_of"]

_LARGEST: Final = 16 * 1024 * 1024


def read_source(path: Path) -> SourceFile:
    """Return a file's text; raises ConfigError if it cannot be read, is no UTF-8 or is larger than 16 MiB."""
    empty = SourceFile(path.name, "", "", str(path))
    try:
        with open(path, "rb", opener=_open_at_once) as file:  # Path.open() takes no opener
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError((Diagnostic(Position(empty, 1, 1), f"cannot be read: {reason}"),)) from error
    return source_of(content, path.name, str(path))


def source_of(content: bytes, name: str, path: str) -> SourceFile:
    """Return the text of a file that has been read; raises ConfigError if it is no UTF-8 or larger than 16 MiB."""
    empty = SourceFile(name, "", "", path)
    if len(content) > _LARGEST:
        message = f"larger than {_LARGEST // 1024 // 1024} MiB; no telemetry config is"
        raise ConfigError((Diagnostic(Position(empty, 1, 1), message),))
    return SourceFile(name, _decoded(content, empty), hashlib.sha256(content).hexdigest(), path)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for somebody to write into a named pipe: it is empty then, which is told."""
    if sys.platform == "win32":
        return os.open(path, flags)
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def _decoded(content: bytes, source: SourceFile) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        position = Position(source, before.count(b"\n") + 1, len(before[line_start:].decode("utf-8", "replace")) + 1)
        message = f"not UTF-8: byte 0x{content[error.start]:02x} at offset {error.start}; save the file as UTF-8"
        raise ConfigError((Diagnostic(position, message),)) from error
