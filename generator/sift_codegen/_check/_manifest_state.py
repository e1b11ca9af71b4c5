"""What is the matter with a package's manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_codegen._generate import Plan
from sift_codegen._manifest import MANIFEST_NAME, Manifest, OutputError, read_manifest

__all__ = ["ManifestProblem", "manifest_problem", "outdated_manifest"]

_RESTORE: Final = "restore the manifest from version control, or move the directory elsewhere"


@dataclass(frozen=True, slots=True)
class ManifestProblem:
    """What is the matter with a manifest, and what has to be done before generating mends it, if anything."""

    text: str
    preparation: str | None = None


def manifest_problem(plan: Plan) -> tuple[Manifest, ManifestProblem | None]:
    """Return the manifest, an empty one where there is none to be read, and what is wrong with it."""
    try:
        manifest = read_manifest(plan.directory)
    except OutputError as damaged:
        return Manifest(), ManifestProblem(str(damaged), _RESTORE)
    if manifest is None:
        return Manifest(), _missing(plan)
    if manifest.before:
        return manifest, ManifestProblem(f"{MANIFEST_NAME}: a run was killed while it wrote")
    return manifest, None


def outdated_manifest(plan: Plan, manifest: Manifest) -> ManifestProblem | None:
    """Return what is to be said where all files are as they are to be, but are not listed so."""
    if not plan.directory.is_dir() or manifest == Manifest.of(plan.files):
        return None
    return ManifestProblem(f"{MANIFEST_NAME}: lists other files or hashes than are generated")


def _missing(plan: Plan) -> ManifestProblem | None:
    """A directory that is not there, or is empty, has no manifest to miss."""
    if not plan.directory.is_dir() or not any(plan.directory.iterdir()):
        return None
    return ManifestProblem(f"{MANIFEST_NAME}: missing: generate takes the directory for somebody else's", _RESTORE)
