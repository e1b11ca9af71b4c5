"""Config text as Python source: the only way for a text to get into a generated file."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterable
from typing import Final

__all__ = [
    "call_source",
    "comment_text",
    "docstring_text",
    "shell_word",
    "text_literal",
    "tuple_source",
    "value_literal",
]

_LONGEST_DECIMAL: Final = 1024  # bits
_DELIMITING_QUOTE: Final = re.compile(
    r'"(?=")|(?<=")"|"\Z'
)  # quotes that could end a """ string; a lone one inside cannot


def docstring_text(text: str) -> str:
    r'''Return `text` for the inside of a """-delimited string that is not raw.

    Quotes and backslashes are escaped, and so is every character that does not print, line breaks excepted.
    '''
    escaped = "".join(_escaped(character) for character in text.replace("\\", "\\\\"))
    lines = "\n".join(line.rstrip() for line in escaped.split("\n"))
    return _DELIMITING_QUOTE.sub(r"\"", lines)


def comment_text(text: str) -> str:
    """Return `text` as one line that cannot leave its comment."""
    return "".join(character if character.isprintable() else _escape_of(character) for character in text)


def shell_word(text: str) -> str:
    """Return `text` as one word of a shell command, on one line."""
    return comment_text(shlex.quote(text))


def text_literal(text: str) -> str:
    """Return the source of a text: in double quotes where they need no escapes, as black has them."""
    source = repr(text)
    return f'"{source[1:-1]}"' if source[0] == "'" and '"' not in text else source


def value_literal(value: str | int | float | bool | None) -> str:
    """Return the source of a scalar of a config; NaN and the infinities have no literal of their own."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, int) and value.bit_length() > _LONGEST_DECIMAL:
        return hex(value)  # Python neither writes nor reads decimals of thousands of digits
    return text_literal(value) if isinstance(value, str) else repr(value)


def tuple_source(items: tuple[str, ...]) -> str:
    """Return the source of a tuple of expressions."""
    return call_source("", items) if items else "()"


def call_source(function: str, arguments: Iterable[str]) -> str:
    """Return the source of a call, an argument a line: black takes half the time for what stands as it will stand."""
    return f"{function}(\n" + "".join(f"{argument},\n" for argument in arguments) + ")"


def _escaped(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    return _escape_of(character)


def _escape_of(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
