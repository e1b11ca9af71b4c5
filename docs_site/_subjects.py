"""Which subject each page belongs to, and their order; pages that nobody has placed come last, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["by_subject"]

_SUBJECTS: Final = {
    "Start": ("README.md", "docs/migration.md", "docs/parity.md"),
    "From config to package": (
        "docs/generator.md",
        "docs/project.md",
        "docs/check.md",
        "docs/lint.md",
        "docs/diff.md",
        "docs/explain.md",
        "docs/dictionary.md",
        "docs/schema.md",
        "docs/templates.md",
        "docs/importing.md",
        "docs/server.md",
        "docs/scale.md",
    ),
    "In flight": ("docs/runtime.md", "docs/spool.md", "docs/reliability.md", "docs/spool-format.md"),
    "On the ground": ("docs/receiver.md", "docs/benchmark.md"),
    "The project": ("CHANGELOG.md", "CONTRIBUTING.md", "docs/fuzzing.md"),
}


def by_subject(pages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the pages (paths from the repository's root) of each subject that has any."""
    left = dict.fromkeys(sorted(pages))
    placed: dict[str, tuple[str, ...]] = {}
    for subject, known in _SUBJECTS.items():
        placed[subject] = tuple(page for page in known if page in left)
        for page in placed[subject]:
            del left[page]
    for page in left:
        folder = page.split("/")[1:-1]
        subject = folder[0].capitalize() if folder else "More"
        placed[subject] = (*placed.get(subject, ()), page)
    return {subject: found for subject, found in placed.items() if found}
