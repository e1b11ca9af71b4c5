"""Statements whose breaking has rules of its own."""

from __future__ import annotations

from collections.abc import Sequence

from sift_codegen._layout.lines import LINE_LENGTH, laid_out
from sift_codegen._layout.nodes import Brackets, Source, flat, optional

__all__ = ["assigned", "class_head", "declaration", "docstring", "import_statement", "returned"]


def import_statement(module: str, names: Sequence[str], indentation: int = 0) -> str:
    """Return one `from` import of names in their order."""
    line = f"from {module} import {', '.join(names)}"
    if indentation + len(line) <= LINE_LENGTH:
        return line
    margin = " " * indentation
    return "\n".join([f"from {module} import (", *(f"{margin}    {name}," for name in names), f"{margin})"])


def class_head(name: str, base: str) -> str:
    """Return the first line of a class at module level, which has one base."""
    return laid_out(Brackets(f"class {name}(", base, "):"), 0)


def declaration(name: str, annotation: Source, default: str | None, indentation: int) -> str:
    """Return the declaration of a field."""
    value = f" = {default}" if default else ""
    whole = f"{' ' * indentation}{name}: {flat(annotation)}{value}"
    if len(whole) <= LINE_LENGTH:
        return whole[indentation:]
    if default and len(whole) - len(default) < LINE_LENGTH:
        return laid_out(optional(default), indentation, prefix=f"{name}: {flat(annotation)} = ")
    return laid_out(optional(annotation), indentation, value, f"{name}: ")


def returned(value: str, indentation: int) -> str:
    """Return a `return` of a name, in parentheses where they make it fit."""
    if value.isidentifier() and indentation + 4 + len(value) > LINE_LENGTH:
        return f"return {value}"
    return laid_out(optional(value), indentation, prefix="return ")


def assigned(name: str, value: str, indentation: int) -> str:
    """Return an assignment of a number."""
    return laid_out(optional(value), indentation, prefix=f"{name} = ")


def docstring(text: str, indentation: int) -> str:
    """Return a docstring around text that is escaped already; closing quotes below where it has several lines.

    What all lines but the first are indented by is taken away.
    """
    first, *rest = text.split("\n")
    filled = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    if not filled:
        return f'"""{first.strip()}"""'
    margin, common = " " * indentation, min(filled)
    lines = [margin + line[common:].rstrip() if line.strip() else "" for line in rest]
    return "\n".join([f'"""{first.strip()}', *lines, f'{margin}"""'])
