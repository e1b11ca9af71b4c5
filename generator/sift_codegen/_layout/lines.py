"""Black's two ways to break a line that is too long: at its operators or commas, else at its last brackets."""

from __future__ import annotations

from typing import Final

from sift_codegen._layout.nodes import Brackets, Items, Operators, Source, flat
from sift_codegen._layout.widths import width

__all__ = ["LINE_LENGTH", "broken_in_lines", "laid_out"]

LINE_LENGTH: Final = 88


def laid_out(source: Source, indentation: int, suffix: str = "", prefix: str = "") -> str:
    """Return source as it stands between `prefix` and `suffix`, at an indentation that its first line has already."""
    return "\n".join(broken_in_lines(source, indentation, prefix, suffix))[indentation:]


def broken_in_lines(source: Source, indentation: int, prefix: str = "", suffix: str = "") -> list[str]:
    """Return the lines of source that stands in brackets, with their indentation."""
    whole = flat(source)
    if whole is not None:
        line = f"{' ' * indentation}{prefix}{whole}{suffix}"
        if isinstance(source, str) or width(line) <= LINE_LENGTH:
            return [line]
    if isinstance(source, Brackets):
        return _at_brackets(source, indentation, prefix, suffix)
    if isinstance(source, Operators):
        return _at_operators(source, indentation, prefix, suffix)
    assert isinstance(source, Items) and not prefix and not suffix, source  # noqa: S101, PT018 - a mistake of ours
    return [line for item in source.items for line in broken_in_lines(item, indentation, suffix=",")]


def _at_brackets(source: Brackets, indentation: int, prefix: str, suffix: str) -> list[str]:
    margin = " " * indentation
    body, inner = source.body, indentation + 4
    if isinstance(body, Items) and body.explode:
        lines = [line for item in body.items for line in broken_in_lines(item, inner, suffix=",")]
    else:
        lines = broken_in_lines(body, inner)
    return [f"{margin}{prefix}{source.head}", *lines, f"{margin}{source.tail}{suffix}"]


def _at_operators(source: Operators, indentation: int, prefix: str, suffix: str) -> list[str]:
    lines: list[str] = []
    last = len(source.operands) - 1
    for index, (operator, operand) in enumerate(source.operands):
        before = operator if index else f"{prefix}{operator}"
        lines += broken_in_lines(operand, indentation, before, suffix if index == last else "")
    return lines
