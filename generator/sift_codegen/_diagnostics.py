"""What is wrong with a config, where, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["ConfigError", "Diagnostic", "Position", "Severity", "SiftCodegenError", "SourceFile"]


class SiftCodegenError(Exception):
    """Root of every error that the generator raises on purpose."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: the name it was asked for by, its text and the sha256 (hex) of its bytes."""

    name: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source file; line and column count from 1, columns in characters."""

    source: SourceFile
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"


class Severity(Enum):
    """An error stops generation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: its place, one line of message, and further lines (a suggestion, the other place) below it."""

    position: Position
    message: str
    notes: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR


class ConfigError(SiftCodegenError):
    """A config that cannot be generated from; carries every error found, in file order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(f"{found.position}: {found.message}" for found in diagnostics))
