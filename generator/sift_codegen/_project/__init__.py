"""The table `[tool.sift-codegen]` of a pyproject.toml: which packages a project has, and how they are made."""

from __future__ import annotations

from sift_codegen._project._find import find_project, project_of
from sift_codegen._project._settings import LintSettings, PackageSettings, Project

__all__ = ["LintSettings", "PackageSettings", "Project", "find_project", "project_of"]
