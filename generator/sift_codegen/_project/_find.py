"""From the current directory to the project it is in."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position
from sift_codegen._project._read import read_project
from sift_codegen._project._settings import Project
from sift_codegen._read_source import read_source

__all__ = ["find_project", "project_of"]


def find_project(start: Path) -> Project | None:
    """Return the nearest project at or above a directory, None where no pyproject.toml has `[tool.sift-codegen]`.

    Raises ConfigError with every mistake of the table.
    """
    for directory in (start, *start.parents):
        path = directory / "pyproject.toml"
        if path.is_file() and (project := project_of(path)):
            return project
    return None


def project_of(path: Path) -> Project | None:
    """Return the project of one pyproject.toml, None where it has no `[tool.sift-codegen]`.

    Raises ConfigError with every mistake of the table.
    """
    source = read_source(path)
    try:
        document = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((Diagnostic(Position(source, 1, 1), f"not TOML: {error}"),)) from error
    tool = document.get("tool")
    table = tool.get("sift-codegen") if isinstance(tool, dict) else None
    return None if table is None else read_project(path, source, table)
