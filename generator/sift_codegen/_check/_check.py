"""Everything about a package that is not as it is to be."""

from __future__ import annotations

from dataclasses import dataclass

from sift_codegen._check._inspect import FileFinding, inspect_files
from sift_codegen._check._manifest_state import ManifestProblem, manifest_problem, outdated_manifest
from sift_codegen._generate import GenerateRequest, Plan, plan_package
from sift_codegen._lock import LockPlan
from sift_codegen._render import Progress

__all__ = ["CheckReport", "check"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found of a package; `lock` is None where the lock file is as it is to be, or there is none."""

    request: GenerateRequest
    plan: Plan
    files: tuple[FileFinding, ...]
    manifest: ManifestProblem | None
    lock: LockPlan | None

    @property
    def is_current(self) -> bool:
        """Whether generating would change nothing."""
        return not self.files and self.manifest is None and self.lock is None


def check(request: GenerateRequest, progress: Progress = lambda done, total: None) -> CheckReport:
    """Generate a package in memory and compare it with what is on disk.

    Raises ConfigError with every error of the config, or where its lock file is damaged.
    """
    plan = plan_package(request, progress)
    manifest, problem = manifest_problem(plan)
    files = inspect_files(plan, manifest)
    if not files and problem is None:
        problem = outdated_manifest(plan, manifest)
    lock = None if plan.lock is None or plan.lock.is_current else plan.lock
    return CheckReport(request, plan, files, problem, lock)
