"""Which packages a command is about: the one that is named, or all that the project has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from sift_codegen._generate import GenerateRequest, RuleMistakes
from sift_codegen._lock import LOCK_NAME
from sift_codegen._project import PackageSettings, Project, find_project
from sift_codegen._read_config import SideInputs

__all__ = ["PackageWords", "project_here", "requests_of", "requests_of_project"]

_GENERATE_ALL: Final = "sift-codegen generate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageWords:
    """What the command line says of a package; None or empty where it says nothing."""

    config: Path | None = None
    output: Path | None = None
    named_expressions: tuple[Path, ...] = ()
    rule_modules: tuple[Path, ...] = ()
    protos: str | None = None
    rule_mistakes: RuleMistakes | None = None
    lock: str | None = None
    accept_break: bool = False
    templates: Path | None = None
    output_of_unlisted: Path | None = None
    """For commands that write no package: where that of a config would be that the project does not list."""


def requests_of(words: PackageWords) -> tuple[GenerateRequest, ...]:
    """Return what to generate: what the command line says, and where it says nothing, what the project says.

    Raises ConfigError where the project's table has mistakes, click.UsageError where nothing says what is asked for.
    """
    project = project_here()
    entries = _entries(project, words)
    if entries:
        return tuple(_request(entry, words) for entry in entries)
    if words.config is None:
        raise click.UsageError("name a CONFIG, or list packages in [tool.sift-codegen] of a pyproject.toml")
    output = words.output or words.output_of_unlisted
    if output is None:
        raise click.UsageError(f"no package of {words.config} is in [tool.sift-codegen]; name its directory with -o")
    settings = PackageSettings(config=words.config, output=output, is_of_project=False)
    return (_request(settings, words),)


def requests_of_project(project: Project) -> tuple[GenerateRequest, ...]:
    """Return what to generate where nothing but the project says it."""
    return tuple(_request(entry, PackageWords()) for entry in project.packages)


def project_here() -> Project | None:
    """Return the project of the current directory; raises ConfigError where its table has mistakes."""
    try:
        return find_project(Path.cwd())
    except FileNotFoundError:  # the current directory is gone; whoever needs it tells that
        return None


def _entries(project: Project | None, words: PackageWords) -> tuple[PackageSettings, ...]:
    """Return the entries with this config and this output, where they are named."""
    packages, config, output = project.packages if project else (), words.config, words.output
    if config is not None:
        packages = tuple(entry for entry in packages if entry.config.resolve() == config.resolve())
    if output is None or not packages:
        return packages
    narrowed = tuple(entry for entry in packages if entry.output.resolve() == output.resolve())
    if not narrowed and (config is None or len(packages) > 1):
        known = ", ".join(str(_as_seen_from_here(entry.output)) for entry in packages)
        raise click.UsageError(f"no package of the project has the output {output}; there are: {known}")
    return narrowed or packages  # the one package of this config, made elsewhere


def _request(settings: PackageSettings, words: PackageWords) -> GenerateRequest:
    side_inputs = SideInputs(
        named_expressions=words.named_expressions or settings.side_inputs.named_expressions,
        rule_modules=words.rule_modules or settings.side_inputs.rule_modules,
        extension=settings.side_inputs.extension,
    )
    config = words.config or _as_seen_from_here(settings.config)
    return GenerateRequest(
        config=config,
        output=words.output or _as_seen_from_here(settings.output),
        side_inputs=side_inputs,
        protos=words.protos or settings.protos,
        rule_mistakes=words.rule_mistakes or settings.rule_mistakes,
        lock=_lock(config, settings, words),
        accept_break=words.accept_break,
        regenerate=_GENERATE_ALL if settings.is_of_project and _adds_nothing(words, settings) else "",
        templates=words.templates or (_as_seen_from_here(settings.templates) if settings.templates else None),
    )


def _lock(config: Path, settings: PackageSettings, words: PackageWords) -> Path | None:
    if words.lock is None:
        return _as_seen_from_here(settings.lock) if settings.lock else None
    return Path(words.lock) if words.lock else config.with_name(LOCK_NAME)


def _adds_nothing(words: PackageWords, settings: PackageSettings) -> bool:
    """Say whether the project alone would make the same; only then may headers name the command without words."""
    if words.output is not None and words.output.resolve() != settings.output.resolve():
        return False
    return not (words.named_expressions or words.rule_modules or words.protos or words.rule_mistakes or words.templates)


def _as_seen_from_here(path: Path) -> Path:
    """Return a path of the project as somebody in the current directory would write it: messages show it."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path
