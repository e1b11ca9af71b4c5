"""What a directory is, times included: to see that nothing was touched."""

from __future__ import annotations

from pathlib import Path

__all__ = ["snapshot"]


def snapshot(directory: Path) -> dict[str, tuple[int, bytes | None]]:
    """Return the time of change of everything in a directory and itself, and the content of files."""
    return {
        path.relative_to(directory).as_posix(): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in (directory, *directory.rglob("*"))
    }
