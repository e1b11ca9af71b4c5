"""The table `[tool.sift-codegen]`, at the end of a pyproject.toml."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

from sift_codegen._init._steps import Outcome, Step, content_of, ending_of
from sift_codegen._init._texts import CONFIG, OUTPUT, PACKAGES_TABLE

__all__ = ["pyproject_step"]


def pyproject_step(path: Path, *, has_packages: bool) -> Step:
    """Return what becomes of a pyproject.toml; what it says already stays, byte by byte."""
    before = content_of(path)
    if before is None:
        return Step(path=path, outcome=Outcome.CREATE, content=PACKAGES_TABLE.encode())
    if has_packages:
        return Step(path=path, outcome=Outcome.KEEP, why="it lists packages already")
    ending = ending_of(before)
    gap = b"" if not before or before.endswith(b"\n") else ending.encode()
    after = before + gap + f"\n{PACKAGES_TABLE}".replace("\n", ending).encode()
    if _has_gained_the_table(before, after):
        return Step(path=path, outcome=Outcome.EXTEND, content=after)
    why = "a table cannot stand at its end as it is"
    return Step(path=path, outcome=Outcome.BY_HAND, why=why, by_hand=PACKAGES_TABLE)


def _has_gained_the_table(before: bytes, after: bytes) -> bool:
    expected: dict[str, Any] = copy.deepcopy(tomllib.loads(before.decode("utf-8-sig")))
    try:
        found = tomllib.loads(after.decode("utf-8-sig"))
        table = expected.setdefault("tool", {}).setdefault("sift-codegen", {})
    except (tomllib.TOMLDecodeError, AttributeError):  # `tool`, or the table in it, is written in braces
        return False
    table["packages"] = [{"config": CONFIG, "output": OUTPUT}]
    return bool(found == expected)
