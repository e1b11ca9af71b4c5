"""What is to become of each file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sift_codegen._manifest import OutputError

__all__ = ["Outcome", "Step", "content_of", "ending_of"]


class Outcome(Enum):
    """A file is made, made longer, left, or left to whoever runs the command."""

    CREATE = "created"
    EXTEND = "extended"
    KEEP = "left as it is"
    BY_HAND = "not touched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file: `content` is all that it is to hold; `why` explains what is not done, `by_hand` is what to add then."""

    path: Path
    outcome: Outcome
    content: bytes = b""
    why: str = ""
    by_hand: str = ""


def content_of(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none; raises OutputError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error}") from error


def ending_of(content: bytes) -> str:
    """Return how the lines of a file end; what is added ends alike."""
    return "\r\n" if b"\r\n" in content else "\n"
