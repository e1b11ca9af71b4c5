"""Generating all packages of a project as a part of its build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sift_codegen._diagnostics import ConfigError, SiftCodegenError
from sift_codegen._generate import GenerateReport, generate, require_no_mistakes
from sift_codegen._manifest import MANIFEST_NAME, read_manifest
from sift_codegen._project import project_of
from sift_codegen._render_diagnostics import render_diagnostic
from sift_codegen.cli._targets import requests_of_project
from sift_codegen.cli._telling import count, show

__all__ = ["BuildError", "Built", "build_packages"]


class BuildError(SiftCodegenError):
    """A build that cannot go on; says why in the words of the command."""


@dataclass(frozen=True, slots=True)
class Built:
    """The generated files, and the configs and side files that they were made of."""

    files: tuple[Path, ...]
    sources: tuple[Path, ...]


def build_packages(root: Path) -> Built:
    """Generate the packages of the project in a folder; raises BuildError where one cannot be generated."""
    try:
        reports = _generate_all(root)
    except ConfigError as error:
        told = [*map(render_diagnostic, error.diagnostics), count(len(error.diagnostics), "error")]
        raise BuildError("\n".join(told) + "; nothing was written") from error
    except BuildError:
        raise
    except SiftCodegenError as error:
        raise BuildError(f"sift-codegen: {error}") from error
    sources = (Path(source.path).absolute() for report in reports for source in report.config.sources)
    return Built(tuple(path for report in reports for path in _files(report)), tuple(sources))


def _generate_all(root: Path) -> list[GenerateReport]:
    project = project_of(root / "pyproject.toml")
    if project is None or not project.packages:
        raise BuildError(f"{root / 'pyproject.toml'}: [[tool.sift-codegen.packages]] names nothing to generate")
    requests = requests_of_project(project)
    require_no_mistakes(requests)
    reports = [generate(request) for request in requests]
    for report in reports:
        show(report.warnings)
    return reports


def _files(report: GenerateReport) -> list[Path]:
    manifest = read_manifest(report.directory)
    assert manifest  # noqa: S101 - it has just been written
    return [report.directory / name for name in (*manifest.files, MANIFEST_NAME)]
