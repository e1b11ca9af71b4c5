"""Writing one file that is people's own afterwards: whole or not at all, and over nothing unless they say so."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from sift_codegen._manifest import OutputError

__all__ = ["refuse_existing", "write_file"]


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise OutputError where there is a file that must not be overwritten."""
    if os.path.lexists(path) and not overwrite:
        raise OutputError(f"{path}: is there already; overwrite it with --force, or name another file")


def write_file(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file beside its place and put it there in one instant.

    Raises OutputError, and nothing is changed then.
    """
    refuse_existing(path, overwrite=overwrite)
    target = Path(os.path.realpath(path))  # what a link leads to, not the link
    staged = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}")
    try:
        try:
            _write_new(staged, content)
            _place(staged, target, overwrite=overwrite)
        finally:
            with suppress(OSError):  # what is left says so itself; it is not what the user asked for
                staged.unlink(missing_ok=True)
    except FileExistsError as error:
        raise OutputError(f"{path}: has come to be meanwhile; it was left as it is") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _write_new(staged: Path, content: bytes) -> None:
    with staged.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _place(staged: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        with suppress(FileNotFoundError):
            shutil.copymode(target, staged)
        staged.replace(target)
        return
    os.link(staged, target)  # which, unlike a rename, never replaces what has come there meanwhile
