"""Writing a page: whole or not at all, and only where it changes."""

from __future__ import annotations

from pathlib import Path

from sift_codegen._manifest import OutputError
from sift_codegen._write_file import write_file

__all__ = ["write_page"]


def write_page(path: Path, content: bytes) -> bool:
    """Write a page, and its directory where there is none; returns whether it was another before.

    Raises OutputError where it cannot be written; what was there is there still then.
    """
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    write_file(path, content, overwrite=True)
    return True
