"""Writing a schema where an editor finds it."""

from __future__ import annotations

import json
from pathlib import Path

from sift_codegen._manifest import OutputError
from sift_codegen._schema._documents import DOCUMENTS, schema_text

__all__ = ["write_schema"]


def write_schema(path: Path, kind: str) -> bool:
    """Write a schema, over an older one of ours too, and say whether that changed anything.

    Raises OutputError where something else is in the way, or the file cannot be written.
    """
    try:
        before = path.read_text("utf-8")
    except FileNotFoundError:
        before = None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be read: {error}") from error
    text = schema_text(kind)
    if before == text:
        return False
    if before is not None and not _is_ours(before):
        raise OutputError(f"{path}: holds something else than a schema of ours; remove it, or name another file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error}") from error
    return True


def _is_ours(text: str) -> bool:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("title") in {title for _, title, _ in DOCUMENTS.values()}
