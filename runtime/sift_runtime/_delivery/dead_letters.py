"""The dead-letter file: what a server refused for good, with its words, for people to look at and to send again."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import crc32

from sift_runtime._errors import RequestError
from sift_runtime._frames import flow_name

__all__ = ["DeadLetter", "append_dead_letters", "read_dead_letters"]

_OURS_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message, without its length, and why the server refused it; `refused_at` is in seconds since 1970."""

    message: bytes
    code: str
    words: str
    refused_at: float

    @classmethod
    def of(cls, message: bytes, error: RequestError) -> DeadLetter:
        """Note a message that has just been refused."""
        return cls(message, error.code.name, error.details, time.time())

    @property
    def flow(self) -> str:
        """The flow's wire name."""
        return flow_name(self.message)


def append_dead_letters(path: Path, letters: list[DeadLetter]) -> None:
    """Append to the file and wait until it is on the disk; raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _OURS_ALONE)
    try:
        with open(descriptor, "ab", closefd=False) as file:  # made with a mode of its own
            file.writelines(_line(letter) for letter in letters)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_dead_letters(path: Path) -> Iterator[DeadLetter]:
    """Yield what is in the file; lines that are not whole are left out."""
    with path.open("rb") as file:
        for line in file:
            checksum, _, text = line.rstrip(b"\n").partition(b" ")
            if checksum == b"%08x" % crc32(text):
                fields = json.loads(text)
                message = base64.b64decode(fields["message"])
                yield DeadLetter(message, fields["code"], fields["words"], fields["refused_at"])


def _line(letter: DeadLetter) -> bytes:
    fields = {
        "flow": letter.flow,
        "code": letter.code,
        "words": letter.words,
        "refused_at": letter.refused_at,
        "message": base64.b64encode(letter.message).decode(),
    }
    text = json.dumps(fields, separators=(",", ":")).encode()
    return b"%08x %s\n" % (crc32(text), text)
