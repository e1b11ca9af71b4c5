"""Splits a list filter into tokens that know their position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sift_receiver._errors import FilterError

__all__ = ["Token", "TokenKind", "tokenize"]


class TokenKind(Enum):
    """What a token is."""

    STRING = "string"
    NUMBER = "number"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end of the filter"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` is a string's content without quotes and escapes, otherwise the text as written."""

    kind: TokenKind
    text: str
    position: int

    def __str__(self) -> str:
        """Describe the token for a message."""
        return self.kind.value if self.kind is TokenKind.END else repr(self.text)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<symbol>==|!=|<=|>=|&&|\|\||[<>!()\[\],.])
    )""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', "`": "`", "?": "?"}


def tokenize(text: str) -> list[Token]:
    """Split the filter; the last token is always END. Raises FilterError."""
    tokens: list[Token] = []
    position = 0
    while (match := _TOKEN.match(text, position)) is not None:
        kind = TokenKind(match.lastgroup)
        start = match.start(kind.value)
        written = match[kind.value]
        tokens.append(Token(kind, _unescaped(written, start) if kind is TokenKind.STRING else written, start))
        position = match.end()
    end = _space_end(text, position)
    if end != len(text):
        reason = "a string that is not closed" if text[end] in "\"'" else f"unexpected character {text[end]!r}"
        raise FilterError(reason, end)
    return [*tokens, Token(TokenKind.END, "", end)]


def _unescaped(written: str, start: int) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPED:
            raise FilterError(f"unknown escape \\{match[1]}", start + 1 + match.start())
        return _ESCAPED[match[1]]

    return _ESCAPE.sub(replace, written[1:-1])


def _space_end(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position
