"""The ways by which files of people come into the generator: the commands themselves, in this process."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sift_codegen.cli import main

__all__ = ["DOORS", "NEEDS_A_MESSAGE", "MisbehaviourError", "doors_of", "enter"]

_TESTS: Final = Path(__file__).parents[1]
_CONFIG: Final = str(_TESTS / "configs/nostromo.yml")
_EXPRESSIONS: Final = str(_TESTS / "configs/named_expressions.yml")
NEEDS_A_MESSAGE: Final = (1, 2)

DOORS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    ".yaml": (
        ("check", "FILE", "-o", "package", "--named-expressions", _EXPRESSIONS),
        ("lint", "FILE", "--named-expressions", _EXPRESSIONS),
        ("lint", _CONFIG, "--named-expressions", "FILE", "--rule-modules", "FILE", "--format", "json"),
        ("diff", _CONFIG, "FILE"),
        ("diff", "FILE", "FILE", "--format", "json"),
        ("docs", "FILE", "-o", "page.html", "--named-expressions", _EXPRESSIONS),
        ("explain", "FILE", "readings"),
        ("explain", "FILE", "22 09 11 00 00 00 00 00 00 f8 3f"),
    ),
    ".lock": (("diff", "FILE", _CONFIG), ("diff", "FILE", "FILE")),
    ".csv": (("import", "csv", "FILE"), ("import", "csv", "FILE", "--rows", "2", "--delimiter", ",")),
    ".dbc": (("import", "dbc", "FILE"),),
}
"""Commands by the ending of the file that they read, which is put in the place of FILE."""


class MisbehaviourError(Exception):
    """A command that ends with another exit code than it may, or without a word."""


def enter(words: tuple[str, ...], file: Path) -> int:
    """Run a command on a file; returns its exit code. What it does not catch comes out, as it is a finding."""
    code, output = 0, io.BytesIO()
    terminal = io.TextIOWrapper(output, "utf-8", write_through=True)
    with contextlib.redirect_stdout(terminal), contextlib.redirect_stderr(terminal):
        try:
            main([str(file) if word == "FILE" else word for word in words], prog_name="sift-codegen")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    told = output.getvalue().decode()
    if code not in (0, *NEEDS_A_MESSAGE):
        raise MisbehaviourError(f"exit code {code}: {told}")
    if code in NEEDS_A_MESSAGE and not told.strip():
        raise MisbehaviourError(f"exit code {code}, and nothing was said")
    return code


def doors_of(file: Path) -> Iterator[tuple[str, ...]]:
    """Yield the commands that read such a file."""
    yield from DOORS[file.suffix]
