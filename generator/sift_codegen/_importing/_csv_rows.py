"""Rows of a CSV file, as many as are asked for, in bounded memory whatever the file is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from sift_codegen._importing._imported import ImportingError

__all__ = ["DELIMITERS", "Rows", "read_rows"]

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LONGEST_ROW: Final = 8 * 1024 * 1024  # characters
_ROWS_TO_GUESS_BY: Final = 20

Row = tuple[int, list[str]]
"""The line (from 1) at which a row ends, and its cells."""


class Rows:
    """The header of a file and an iterator over the rows below it; blank lines are none."""

    def __init__(self, path: Path, stream: TextIO, delimiter: str) -> None:
        self._path = path
        self._lines = _BoundedLines(path, stream)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[Row]:
        try:
            for cells in self._reader:
                self._lines.characters = 0
                if any(map(str.strip, cells)):
                    yield self._reader.line_num, cells
        except csv.Error as error:
            message = f"{self._path}:{self._reader.line_num}: is no CSV: {error}"
            raise ImportingError(message) from error


class _BoundedLines:
    """Lines of a file for the reader of rows, which is stopped where a row never ends."""

    def __init__(self, path: Path, stream: TextIO) -> None:
        self._path, self._stream = path, stream
        self.characters = 0
        self._number = 0

    def __iter__(self) -> _BoundedLines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_LONGEST_ROW + 1)
        self._number += 1
        self.characters += len(line)
        if not line:
            raise StopIteration
        if self.characters > _LONGEST_ROW:
            raise ImportingError(f"{self._path}:{self._number}: a row of more than {_LONGEST_ROW} characters")
        if "\0" in line:
            raise ImportingError(f"{self._path}:{self._number}: is no text: there is a NUL in it")
        return line


def read_rows(path: Path, encoding: str, delimiter: str | None, count: int) -> tuple[str, Iterator[Row]]:
    """Return the delimiter and an iterator over the header and `count` rows; the file is open while it goes on.

    Raises ImportingError; UnicodeDecodeError where the text is in another encoding.
    """
    if delimiter is None:
        guessed_by = min(count, _ROWS_TO_GUESS_BY)
        delimiter = max(DELIMITERS, key=lambda each: _score(path, encoding, each, guessed_by))
    return delimiter, _rows(path, encoding, delimiter, count)


def _rows(path: Path, encoding: str, delimiter: str, count: int) -> Iterator[Row]:
    try:
        with path.open(encoding=encoding, newline="") as stream:
            yield from islice(Rows(path, stream, delimiter), count + 1)
    except OSError as error:
        raise ImportingError(f"{path}: cannot be read: {error.strerror or error}") from error


def _score(path: Path, encoding: str, delimiter: str, count: int) -> tuple[bool, int]:
    """Say how good a delimiter is: whether the first rows have as many cells as the header, and how many these are."""
    widths: list[int] = []
    is_sound = True
    try:
        for _, cells in _rows(path, encoding, delimiter, count):
            widths.append(len(cells))
    except ImportingError:  # told by whoever reads the rows by the delimiter that is chosen
        is_sound = False
    columns = widths[0] if widths else 0
    return is_sound and columns > 1 and set(widths) == {columns}, columns
