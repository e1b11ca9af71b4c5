"""The words of a rule's expression, and where each stands in it.

Sift's expressions look like CEL (https://github.com/google/cel-spec) with `$1` for channels. No library for CEL fits:
`$1` is an identifier to none, and CEL's types refuse what Sift's own examples do (`0.5 * 10`, an enum equal to a text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["ExpressionError", "Token", "tokens"]

Kind: TypeAlias = Literal["number", "text", "channel", "placeholder", "name", "sign", "end"]

_PATTERNS: Final[tuple[tuple[Kind, str], ...]] = (
    ("number", r"0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[uU]?"),
    (
        "text",
        r"(?:[rR][bB]?|[bB][rR])(?:\"{3}(?s:.)*?\"{3}|'{3}(?s:.)*?'{3}|\"[^\"\n]*\"|'[^'\n]*')"
        r"|[bB]?(?:\"{3}(?:[^\\]|\\(?s:.))*?\"{3}|'{3}(?:[^\\]|\\(?s:.))*?'{3}"
        r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')",
    ),
    ("channel", r"\$[0-9]+"),
    ("placeholder", r"\$[A-Za-z_]+"),
    ("name", r"[A-Za-z_][A-Za-z0-9_]*"),
    ("sign", r"&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}]"),
)
_BLANK: Final = re.compile(r"(?:\s|//[^\n]*)*")
_TOKEN: Final = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS))


class ExpressionError(Exception):
    """An expression that cannot be read; `offset` is where, in characters from its start."""

    def __init__(self, message: str, offset: int) -> None:
        """Keep both."""
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Token:
    """A word: what it is, how it is written, and where it begins."""

    kind: Kind
    text: str
    offset: int


def tokens(expression: str) -> Iterator[Token]:
    """Yield the words, and an end; raises ExpressionError where there is none."""
    at = _behind_blank(expression, 0)
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if found is None:
            what = "a text that does not end" if expression[at] in "\"'" else repr(expression[at])
            raise ExpressionError(f"unexpected {what}", at)
        kind: Kind = next(each for each, _ in _PATTERNS if found[each] is not None)
        yield Token(kind, found[0], at)
        at = _behind_blank(expression, found.end())
    yield Token("end", "", len(expression.rstrip()))


def _behind_blank(expression: str, at: int) -> int:
    found = _BLANK.match(expression, at)
    return found.end() if found else at
