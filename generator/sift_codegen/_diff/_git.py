"""Files as a revision of git has them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sift_codegen._diagnostics import SiftCodegenError

__all__ = ["GitError", "read_at_revision"]


class GitError(SiftCodegenError):
    """A file that git does not give, and why."""


def read_at_revision(revision: str, path: Path) -> bytes:
    """Return a file's content in a revision; a relative path is looked for from the current directory.

    Raises GitError where there is no git, no repository, no such revision or no such file in it.
    """
    if revision.startswith("-") or not revision:  # an option, to git
        raise GitError(f"git:{revision}:{path}: {revision!r} is no revision; name a commit, a branch or a tag")
    place = f"git:{revision}:{path}"
    commit = _git(place, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", "--")
    if commit is None:
        mend = "fetch it first, where the clone is shallow (fetch-depth: 0)"
        raise GitError(f"{place}: no revision {revision!r} in the repository here; {mend}")
    relative = Path(os.path.relpath(path)).as_posix()
    content = _git(place, "cat-file", "blob", f"{commit.decode().strip()}:./{relative}")
    if content is None:
        raise GitError(f"{place}: revision {revision!r} has no such file; the path is taken from the current directory")
    return content


def _git(place: str, *words: str) -> bytes | None:
    """Return what git prints, None where it finds nothing of that name."""
    try:
        done = subprocess.run(["git", *words], capture_output=True, check=False)  # noqa: S603, S607 - no shell, no option of the user's
    except OSError as error:
        raise GitError(f"{place}: git cannot be run: {error}") from error
    told = done.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in told or "dubious ownership" in told:
        raise GitError(f"{place}: {told.splitlines()[0]}")
    return done.stdout if done.returncode == 0 else None
