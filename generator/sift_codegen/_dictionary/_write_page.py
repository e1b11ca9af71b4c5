"""Writing a page: whole or not at all, and only where it changes."""

from __future__ import annotations

import os
from pathlib import Path

from sift_codegen._manifest import OutputError

__all__ = ["write_page"]


def write_page(path: Path, content: bytes) -> bool:
    """Write a page, and its directory where there is none; returns whether it was another before.

    Raises OutputError where it cannot be written; what was there is there still then.
    """
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(Path(os.path.realpath(path)), content)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return True


def _replace(path: Path, content: bytes) -> None:
    staged = path.with_name(f".sift-codegen.{os.getpid()}.tmp")
    try:
        staged.write_bytes(content)
        staged.replace(path)
    except BaseException:  # Ctrl-C, too, must leave nothing behind
        staged.unlink(missing_ok=True)
        raise
