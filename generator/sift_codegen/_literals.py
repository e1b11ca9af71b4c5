"""Config text as Python source: the only way for a text to get into a generated file."""

from __future__ import annotations

import math
import re
import shlex
from typing import Final

__all__ = [
    "comment_text",
    "docstring_text",
    "hex_literal",
    "shell_word",
    "text_literal",
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
    if _is_plain(text):
        return text.rstrip()
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
    """Return the source of a text: in double quotes unless single ones need fewer escapes, as black has them."""
    if _is_plain(text):
        return f'"{text}"'
    source = repr(text)
    if source[0] == '"' or text.count('"') > text.count("'"):
        return source
    # With an apostrophe in front, repr chooses double quotes.
    return '"' + '\\"'.join(repr(f"'{part}")[2:-1] for part in text.split('"')) + '"'


def value_literal(value: str | int | float | bool | None) -> str:
    """Return the source of a scalar of a config; NaN and the infinities have no literal of their own."""
    if isinstance(value, float):
        return repr(value).replace("e+", "e") if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, int) and value.bit_length() > _LONGEST_DECIMAL:
        return hex_literal(value)  # Python neither writes nor reads decimals of thousands of digits
    return text_literal(value) if isinstance(value, str) else repr(value)


def hex_literal(value: int) -> str:
    """Return the source of an integer in hexadecimal digits, in capitals as black has them."""
    return f"-0x{-value:X}" if value < 0 else f"0x{value:X}"


def _is_plain(text: str) -> bool:
    """Return whether text stands in double quotes as it is."""
    return text.isprintable() and '"' not in text and "\\" not in text


def _escaped(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    return _escape_of(character)


def _escape_of(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
