"""The golden cases: folders with a config and the package it must become, byte for byte."""

from __future__ import annotations

import importlib
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

__all__ = [
    "CASES",
    "GOLDEN",
    "GoldenCase",
    "folder_contents",
    "golden_package",
    "import_golden_package",
    "sift_codegen_command",
]

GOLDEN: Final = Path(__file__).resolve().parent
_EXAMPLES: Final = GOLDEN.parents[1] / "examples"
"""What an options file calls $EXAMPLES."""


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One folder: config.yaml, perhaps named_expressions.yml, rules/ and options, and expected/<package>/."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def package(self) -> str:
        """The name of the generated package; unique among all cases, so that they can be imported together."""
        return f"{self.name}_telemetry"

    @property
    def expected(self) -> Path:
        """The folder to put on the import path."""
        return self.folder / "expected"

    def arguments(self, output: Path) -> list[str]:
        """Return what follows `sift-codegen` to generate the case into `output`, from any working directory."""
        words = [str(self.folder / "config.yaml"), "-o", str(output)]
        for option, entry in (("--named-expressions", "named_expressions.yml"), ("--rule-modules", "rules")):
            if (self.folder / entry).exists():
                words += [option, str(self.folder / entry)]
        options = self.folder / "options"
        more = shlex.split(options.read_text("utf-8")) if options.exists() else []
        return words + [word.replace("$EXAMPLES", str(_EXAMPLES)) for word in more]


CASES: Final = tuple(GoldenCase(config.parent) for config in sorted(GOLDEN.glob("*/config.yaml")))


def golden_package(case_name: str) -> Path:
    """Return the expected package of a case."""
    case = next(case for case in CASES if case.name == case_name)
    return case.expected / case.package


def import_golden_package(case_name: str) -> ModuleType:
    """Import the expected package of a case into this process."""
    package = golden_package(case_name)
    sys.path.insert(0, str(package.parent))
    try:
        return importlib.import_module(package.name)
    finally:
        sys.path.remove(str(package.parent))


def sift_codegen_command() -> str:
    """Return the `sift-codegen` that is installed beside the running Python."""
    return str(Path(sys.executable).with_name("sift-codegen"))


def folder_contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder by its relative path; what importing leaves behind is not counted."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
