"""What a project says about its packages, read and checked; paths are absolute."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sift_codegen._read_config import SideInputs

__all__ = ["LintSettings", "PackageSettings", "Project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSettings:
    """One entry of `[[tool.sift-codegen.packages]]`: a config and the package that is made of it.

    The command line makes one, too, of a package that no project has: `is_of_project` is False then.
    """

    config: Path
    output: Path
    side_inputs: SideInputs = field(default_factory=SideInputs)
    protos: str = "sift-runtime"
    rule_mistakes: Literal["error", "warning"] = "error"
    lock: Path | None = None
    is_of_project: bool = True
    templates: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSettings:
    """`[tool.sift-codegen.lint]`: codes, or beginnings of codes, and the least severity that fails."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All of `[tool.sift-codegen]`; `path` is the pyproject.toml."""

    path: Path
    packages: tuple[PackageSettings, ...] = ()
    lint: LintSettings = field(default_factory=LintSettings)
