"""The dead-letter file: what a server refused for good, with its words, for people to look at and to send again."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sift_runtime._checked_lines import append_lines, read_lines
from sift_runtime._errors import RequestError
from sift_runtime._frames import flow_name
from sift_runtime._spool.reservation import map_file

__all__ = ["DEAD_LETTERS", "DeadLetter", "DeadLetterFile", "read_dead_letters"]

DEAD_LETTERS: Final = "dead-letters"
_RESERVE: Final = "dead-letters.reserve"
_RESERVED: Final = 64 * 1024


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


class DeadLetterFile:
    """One directory's file, and some room beside it for when the disk is full.

    A disk that our own segments have filled gets no room before what is in them is delivered; and what is refused must
    not be in the way of that.
    """

    def __init__(self, directory: Path) -> None:
        """Use the file in this directory, which need not be there yet."""
        self._path = directory / DEAD_LETTERS
        self._reserve = directory / _RESERVE

    def append(self, letters: list[DeadLetter]) -> None:
        """Append and wait until they are on the disk, all or none; raises OSError."""
        lines = [_line(letter) for letter in letters]
        try:
            append_lines(self._path, lines)
        except OSError:
            if not self._reserve.exists():
                raise
            self._reserve.unlink()
            append_lines(self._path, lines)

    def make_reserve(self) -> None:
        """Reserve room, where there is any."""
        if not self._reserve.exists():
            with suppress(OSError):
                memory, descriptor = map_file(self._reserve, _RESERVED)
                memory.close()
                os.close(descriptor)

    def give_up_reserve(self) -> None:
        """Give the room back; raises OSError."""
        self._reserve.unlink(missing_ok=True)


def read_dead_letters(path: Path) -> Iterator[DeadLetter]:
    """Yield what is in a file; lines that are not whole are left out."""
    for line in read_lines(path):
        yield DeadLetter(base64.b64decode(line["message"]), line["code"], line["words"], line["refused_at"])


def _line(letter: DeadLetter) -> dict[str, Any]:
    return {
        "flow": letter.flow,
        "code": letter.code,
        "words": letter.words,
        "refused_at": letter.refused_at,
        "message": base64.b64encode(letter.message).decode(),
    }
