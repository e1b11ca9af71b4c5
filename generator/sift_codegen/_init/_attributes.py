"""The lines of a .gitattributes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sift_codegen._init._steps import Outcome, Step, content_of, ending_of
from sift_codegen._init._texts import attributes_for

__all__ = ["attributes_step"]


def attributes_step(path: Path, outputs: Iterable[str]) -> Step:
    """Return what becomes of a .gitattributes: a line more for each package that has none."""
    before = content_of(path)
    known = {line.split(b"/**")[0].strip(b'"') for line in (before or b"").splitlines()}
    added = [attributes_for(output) for output in outputs if output.encode() not in known]
    if not added:
        return Step(path=path, outcome=Outcome.KEEP, why="it has a line for each package already")
    if before is None:
        return Step(path=path, outcome=Outcome.CREATE, content="".join(f"{line}\n" for line in added).encode())
    ending = ending_of(before)
    gap = ending if before and not before.endswith(b"\n") else ""
    content = before + (gap + "".join(f"{line}{ending}" for line in added)).encode()
    return Step(path=path, outcome=Outcome.EXTEND, content=content)
