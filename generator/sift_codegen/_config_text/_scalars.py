"""Texts as YAML scalars that every reader takes for the same text, be it YAML 1.1, YAML 1.2 or rapidyaml."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["scalar"]

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS_OF_SOME_READER: Final = frozenset(
    {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"}
)
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def scalar(text: str) -> str:
    """Return a text without quotes where no reader sees anything else in it, else in double quotes, on one line.

    What begins with a letter and has no characters of YAML's is no number, time or mark to anyone, but some words are.
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_SOME_READER:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
