"""Parses the part of the Common Expression Language that Sift's clients send as list filters.

condition := conjunction ("||" conjunction)*        conjunction := unary ("&&" unary)*
unary     := "!" unary | "(" condition ")" | relation
relation  := operand [ comparison operand | "in" "[" literals "]" | "." method "(" string ")" ]
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sift_receiver._errors import FilterError
from sift_receiver._filter_literals import duration_literal, number_literal, timestamp_literal
from sift_receiver._filter_model import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    FieldReference,
    Literal,
    Membership,
    Not,
    Operand,
    Scalar,
    TextCall,
    Truth,
)
from sift_receiver._filter_tokens import Token, TokenKind, tokenize
from sift_receiver._filter_values import comparable

__all__ = ["TEXT_METHODS", "parse_filter"]

TEXT_METHODS = ("contains", "endsWith", "matches", "startsWith")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_CONSTANTS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_CONSTRUCTORS: dict[str, Callable[[Token], Scalar]] = {"timestamp": timestamp_literal, "duration": duration_literal}
# Parentheses and negations; far beyond what any client sends, far below Python's recursion limit.
_DEEPEST = 50


def parse_filter(text: str, fields: Collection[str]) -> Condition | None:
    """Parse a filter over these fields; empty text is None, which lets everything through. Raises FilterError."""
    parser = _Parser(tokenize(text), fields)
    if parser.at_end:
        return None
    condition = parser.condition(0)
    parser.expect_end()
    return condition


class _Parser:
    """Recursive descent over a token list."""

    def __init__(self, tokens: list[Token], fields: Collection[str]) -> None:
        self._tokens = tokens
        self._next = 0
        self._fields = fields

    @property
    def at_end(self) -> bool:
        return self._token.kind is TokenKind.END

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def expect_end(self) -> None:
        if not self.at_end:
            raise FilterError(f"expected '&&', '||' or the end, found {self._token}", self._token.position)

    def condition(self, depth: int) -> Condition:
        parts = [self._conjunction(depth)]
        while self._accept("||"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _conjunction(self, depth: int) -> Condition:
        parts = [self._unary(depth)]
        while self._accept("&&"):
            parts.append(self._unary(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _unary(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise FilterError(f"nested deeper than {_DEEPEST}", self._token.position)
        if self._accept("!"):
            return Not(self._unary(depth + 1))
        if self._accept("("):
            inner = self.condition(depth + 1)
            self._expect(")")
            return inner
        return self._relation()

    def _relation(self) -> Condition:
        left = self._operand()
        operator = self._token
        if self._is_symbol(*_COMPARISONS):
            self._advance()
            return Comparison(left, operator.text, self._operand(), operator.position)
        if operator.kind is TokenKind.NAME and operator.text == "in":
            self._advance()
            return Membership(left, self._members())
        if isinstance(left, FieldReference) and self._accept("."):
            return self._text_call(left)
        return Truth(left)

    def _text_call(self, field: FieldReference) -> TextCall:
        method = self._advance()
        if method.kind is not TokenKind.NAME or method.text not in TEXT_METHODS:
            raise FilterError(f"expected one of {', '.join(TEXT_METHODS)}, found {method}", method.position)
        self._expect("(")
        argument = self._string()
        self._expect(")")
        return TextCall(field, method.text, argument.text, argument.position)

    def _members(self) -> frozenset[tuple[str, Scalar]]:
        self._expect("[")
        members: set[tuple[str, Scalar]] = set()
        while not self._is_symbol("]"):
            members.add(comparable(self._literal().value))
            if not self._accept(","):
                break
        self._expect("]")
        return frozenset(members)

    def _literal(self) -> Literal:
        operand = self._operand()
        if not isinstance(operand, Literal):
            raise FilterError(f"expected a value, found field {operand.name!r}", operand.position)
        return operand

    def _operand(self) -> Operand:
        token = self._advance()
        if token.kind is TokenKind.STRING:
            return Literal(token.text, token.position)
        if token.kind is TokenKind.NUMBER:
            return Literal(number_literal(token), token.position)
        if token.kind is TokenKind.NAME:
            return self._named(token)
        raise FilterError(f"expected a field or a value, found {token}", token.position)

    def _named(self, token: Token) -> Operand:
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], token.position)
        if token.text in _CONSTRUCTORS and self._accept("("):
            value = _CONSTRUCTORS[token.text](self._string())
            self._expect(")")
            return Literal(value, token.position)
        if token.text not in self._fields:
            raise FilterError(
                f"unknown field {token.text!r}, known are {', '.join(sorted(self._fields))}", token.position
            )
        return FieldReference(token.text, self._map_key(), token.position)

    def _map_key(self) -> str | None:
        if not self._accept("["):
            return None
        key = self._string().text
        self._expect("]")
        return key

    def _string(self) -> Token:
        token = self._advance()
        if token.kind is not TokenKind.STRING:
            raise FilterError(f"expected a quoted string, found {token}", token.position)
        return token

    def _advance(self) -> Token:
        token = self._token
        if token.kind is not TokenKind.END:
            self._next += 1
        return token

    def _is_symbol(self, *symbols: str) -> bool:
        return self._token.kind is TokenKind.SYMBOL and self._token.text in symbols

    def _accept(self, symbol: str) -> bool:
        if self._is_symbol(symbol):
            self._next += 1
            return True
        return False

    def _expect(self, symbol: str) -> None:
        if not self._accept(symbol):
            raise FilterError(f"expected {symbol!r}, found {self._token}", self._token.position)
