"""Texts and numbers of an expression, as CEL writes them."""

from __future__ import annotations

import re
from typing import Final

from sift_codegen._expression_tokens import ExpressionError, Token
from sift_codegen._expression_tree import Number, Text

__all__ = ["number_of", "text_of"]

_ESCAPE: Final = re.compile(r"\\(?:[xX](.{0,2})|u(.{0,4})|U(.{0,8})|([0-7]{1,3})|(.))", re.DOTALL)
_CHARACTERS: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST: Final = 0x10FFFF


def number_of(word: Token) -> Number:
    """Return the number that a word is."""
    text = word.text.rstrip("uU")
    return Number(text[:2] in ("0x", "0X") or float(text).is_integer(), word.offset)


def text_of(word: Token) -> Text:
    """Return the text, or the bytes, that a word is; raises ExpressionError at half an escape.

    An escape that CEL has not stands for itself: what Sift makes of it is not known.
    """
    opening = re.match(r"[rRbB]*", word.text)
    prefix = opening[0].lower() if opening else ""
    quoted = word.text[len(prefix) :]
    width = 3 if len(quoted) >= 6 and quoted[:3] in ('"' * 3, "'" * 3) else 1
    inner = quoted[width:-width]
    return Text(inner if "r" in prefix else _unescaped(inner, word), word.offset, "b" in prefix)


def _unescaped(text: str, word: Token) -> str:
    def character(found: re.Match[str]) -> str:
        *hexadecimals, octal, other = found.groups()
        if other is not None:
            return _CHARACTERS.get(other, other if other in "\\?\"'`" else found[0])
        digits = octal or next(each for each in hexadecimals if each is not None)
        wanted = {"x": 2, "u": 4, "U": 8}.get(found[0][1].replace("X", "x"), len(digits))
        is_number = re.fullmatch(r"[0-9a-fA-F]+", digits) is not None and len(digits) == wanted
        code = int(digits, 8 if octal else 16) if is_number else _LAST + 1
        if code > _LAST:
            raise ExpressionError(f"the text {word.text} has an escape that is none", word.offset)
        return chr(code)

    return _ESCAPE.sub(character, text)
