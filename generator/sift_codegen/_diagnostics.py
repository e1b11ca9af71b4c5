"""What is wrong with a config, where, and how it is shown."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from enum import Enum

__all__ = ["ConfigError", "Diagnostic", "Position", "Severity", "SiftCodegenError", "SourceFile"]


class SiftCodegenError(Exception):
    """Root of every error that the generator raises on purpose."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: its name, its text, the sha256 (hex) of its bytes, and the path it was asked for by.

    Generated files show the name, so that they read alike everywhere; messages show the path, so that it is found.
    """

    name: str
    text: str
    sha256: str
    path: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The text by lines, as YAML 1.2 breaks them."""
        return _split_lines(self.text)


@functools.lru_cache(maxsize=4)
def _split_lines(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"\r\n|\r|\n", text))


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source file; line and column count from 1, columns in characters."""

    source: SourceFile
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source.path or self.source.name}:{self.line}:{self.column}"


class Severity(Enum):
    """An error stops generation; a warning and an information do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: its place, one line of message, and further lines (a suggestion, the other place) below it.

    `code` is the rule of `sift-codegen lint` that it breaks, such as SC001; `also` holds the other places that it is
    about, such as the anchor that its place is an alias of.
    """

    position: Position
    message: str
    notes: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    code: str = ""
    also: tuple[Position, ...] = field(default=(), compare=False)


class ConfigError(SiftCodegenError):
    """A config that cannot be generated from; carries every error found, in file order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(f"{found.position}: {found.message}" for found in diagnostics))
