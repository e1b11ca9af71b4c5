"""Which packages a command is about: the one that is named, or all that the project has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

from sift_codegen._generate import GenerateRequest, RuleMistakes
from sift_codegen._project import PackageSettings, Project, find_project
from sift_codegen._read_config import SideInputs

__all__ = ["PackageWords", "requests_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageWords:
    """What the command line says of a package; None or empty where it says nothing."""

    config: Path | None = None
    output: Path | None = None
    named_expressions: tuple[Path, ...] = ()
    rule_modules: tuple[Path, ...] = ()
    protos: str | None = None
    rule_mistakes: RuleMistakes | None = None
    templates: Path | None = None


def requests_of(words: PackageWords) -> tuple[GenerateRequest, ...]:
    """Return what to generate: what the command line says, and where it says nothing, what the project says.

    Raises ConfigError where the project's table has mistakes, click.UsageError where nothing says what is asked for.
    """
    project = _project_here()
    entries = _entries(project, words.config)
    if entries:
        return tuple(_request(entry, words) for entry in entries)
    if words.config is None:
        raise click.UsageError("name a CONFIG, or list packages in [tool.sift-codegen] of a pyproject.toml")
    if words.output is None:
        raise click.UsageError(f"no package of {words.config} is in [tool.sift-codegen]; name its directory with -o")
    settings = PackageSettings(config=words.config, output=words.output)
    return (_request(settings, words),)


def _project_here() -> Project | None:
    try:
        return find_project(Path.cwd())
    except FileNotFoundError:  # the current directory is gone; whoever needs it tells that
        return None


def _entries(project: Project | None, config: Path | None) -> tuple[PackageSettings, ...]:
    if project is None:
        return ()
    if config is None:
        return project.packages
    return tuple(entry for entry in project.packages if entry.config.resolve() == config.resolve())


def _request(settings: PackageSettings, words: PackageWords) -> GenerateRequest:
    side_inputs = SideInputs(
        named_expressions=words.named_expressions or settings.side_inputs.named_expressions,
        rule_modules=words.rule_modules or settings.side_inputs.rule_modules,
    )
    return GenerateRequest(
        config=words.config or _as_seen_from_here(settings.config),
        output=words.output or _as_seen_from_here(settings.output),
        side_inputs=side_inputs,
        protos=words.protos or settings.protos,
        rule_mistakes=words.rule_mistakes or settings.rule_mistakes,
        templates=words.templates or (_as_seen_from_here(settings.templates) if settings.templates else None),
    )


def _as_seen_from_here(path: Path) -> Path:
    """Return a path of the project as somebody in the current directory would write it: messages show it."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path
