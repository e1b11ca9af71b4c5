"""What a folder lacks to be a project."""

from __future__ import annotations

import os
from pathlib import Path

from sift_codegen._init._attributes import attributes_step
from sift_codegen._init._pre_commit import pre_commit_step
from sift_codegen._init._pyproject import pyproject_step
from sift_codegen._init._steps import Outcome, Step
from sift_codegen._init._texts import CONFIG, OUTPUT, SCHEMA, STARTER, hooks_for
from sift_codegen._project import Project, project_of
from sift_codegen._schema import schema_text

__all__ = ["plan_init"]


def plan_init(directory: Path) -> tuple[Step, ...]:
    """Return what is to be done, file by file; nothing has been written.

    Raises ConfigError where the folder's pyproject.toml cannot be read, OutputError where another file cannot.
    """
    pyproject = directory / "pyproject.toml"
    project = project_of(pyproject) if pyproject.is_file() else None
    has_packages = project is not None and bool(project.packages)
    outputs = _outputs(project, directory) if project and has_packages else [OUTPUT]
    return (
        _new(directory / CONFIG, STARTER, has_packages=has_packages),
        _new(directory / SCHEMA, schema_text("config"), has_packages=has_packages),
        pyproject_step(pyproject, has_packages=has_packages),
        _hooks(directory, outputs),
        attributes_step(directory / ".gitattributes", outputs),
    )


def _new(path: Path, text: str, *, has_packages: bool) -> Step:
    if os.path.lexists(path):
        return Step(path=path, outcome=Outcome.KEEP, why="it is there already")
    if has_packages:
        return Step(path=path, outcome=Outcome.KEEP, why="not needed: pyproject.toml lists packages already")
    return Step(path=path, outcome=Outcome.CREATE, content=text.encode())


def _outputs(project: Project, directory: Path) -> list[str]:
    """Return the packages below the folder, as its files name them."""
    relative = (os.path.relpath(entry.output, directory) for entry in project.packages)
    return [path.replace(os.sep, "/") for path in relative if not path.startswith("..")]


def _hooks(directory: Path, outputs: list[str]) -> Step:
    """Return the step for pre-commit, which reads its config at the root of the repository only."""
    here = directory.resolve()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    path = directory / ".pre-commit-config.yaml"
    if root == here:
        return pre_commit_step(path, hooks_for(outputs))
    hooks = hooks_for(outputs, here.relative_to(root).as_posix())
    why = f"pre-commit reads {root / path.name} instead"
    return Step(path=path, outcome=Outcome.BY_HAND, why=why, by_hand=hooks)
