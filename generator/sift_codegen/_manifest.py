"""The list of what a directory holds of ours: path and sha256 of each file as it was written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from sift_codegen._diagnostics import SiftCodegenError

__all__ = ["MANIFEST_NAME", "Manifest", "OutputError", "digest_of", "read_manifest"]

MANIFEST_NAME: Final = ".sift-codegen.json"
_FORMAT_VERSION: Final = 1


class OutputError(SiftCodegenError):
    """The output directory cannot be written, or holds something that is not ours to overwrite."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Our files: sha256 (hex) by path, with / as separator, relative to the directory.

    While files are being exchanged, `before` lists those that may still be there as they were.
    """

    files: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, files: dict[str, bytes]) -> Manifest:
        """Return the manifest of files in memory."""
        return cls({path: digest_of(content) for path, content in sorted(files.items())})

    def joined_with(self, after: Manifest) -> Manifest:
        """Return what holds while these files become those."""
        return Manifest({**self.files, **after.files}, self.files)

    def encode(self) -> bytes:
        """Return the manifest as it is written: JSON, sorted, one file a line."""
        document: dict[str, object] = {"format": _FORMAT_VERSION, "files": self.files}
        if self.before:
            document["before"] = self.before
        return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def digest_of(content: bytes) -> str:
    """Return the sha256 of a file's content, in hex."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(directory: Path) -> Manifest | None:
    """Return the manifest of a directory, or None where there is none.

    Raises OutputError if it cannot be read as one: what is ours is unknown then, and nothing may be overwritten.
    """
    path = directory / MANIFEST_NAME
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"{path}: cannot be read: {error}") from error
    try:
        document = json.loads(text)
        return Manifest(_checked_files(document, "files"), _checked_files(document, "before"))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        mend = "restore it, or move the directory away and generate it again"
        raise OutputError(f"{path}: not a manifest of format {_FORMAT_VERSION} ({error}); {mend}") from error


def _checked_files(document: object, key: str) -> dict[str, str]:
    if not isinstance(document, dict) or document["format"] != _FORMAT_VERSION:
        raise ValueError("unknown format")
    files: dict[str, str] = {}
    for path, digest in dict(document["files"] if key == "files" else document.get(key, {})).items():
        pure = PurePosixPath(path)
        if not isinstance(digest, str) or pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path:
            raise ValueError(f"entry {path!r}")
        files[path] = digest
    return files
