"""Reads expressions: CEL's operators and their ranks (https://github.com/google/cel-spec/blob/master/doc/langdef.md)."""

from __future__ import annotations

from typing import Final

from sift_codegen._expression_literals import number_of, text_of
from sift_codegen._expression_tokens import ExpressionError, Token, tokens
from sift_codegen._expression_tree import (
    Call,
    Channel,
    Entries,
    Expression,
    Items,
    Member,
    Name,
    Operation,
    Placeholder,
)

__all__ = ["parse_expression"]

_RANKS: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/%", 5),
}
_DEEPEST: Final = 100


def parse_expression(text: str) -> Expression:
    """Return the tree of an expression; raises ExpressionError, which says where."""
    parser = _Parser(list(tokens(text)))
    tree = parser.whole()
    parser.expect("end", "")
    return tree


class _Parser:
    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        """An expression with `? :`, which binds least."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError(f"more than {_DEEPEST} levels deep", self._word.offset)
        choices = []
        last = self._binary()
        while self._takes("?"):
            offset = self._words[self._at - 1].offset
            choices.append((last, self.whole(), offset))
            self.expect("sign", ":")
            last = self._binary()
        for condition, chosen, offset in reversed(choices):
            last = Operation("?:", (condition, chosen, last), offset)
        self._depth -= 1
        return last

    def expect(self, kind: str, text: str) -> None:
        """Go on behind a word that has to be there."""
        word = self._word
        if (word.kind, word.text) != (kind, text):
            wanted = repr(text) if text else "an operator or the end"
            raise ExpressionError(f"expected {wanted}, found {_shown(word)}", word.offset)
        self._at += 1

    @property
    def _word(self) -> Token:
        return self._words[self._at]

    def _takes(self, *signs: str) -> str:
        word = self._word
        if word.kind in ("sign", "name") and word.text in signs:
            self._at += 1
            return word.text
        return ""

    def _binary(self) -> Expression:
        """Operands with operators between them: those that bind more are put together first."""
        operands, waiting = [self._unary()], list[Token]()
        while rank := self._rank():
            _reduce(operands, waiting, rank)
            waiting.append(self._words[self._at])
            self._at += 1
            operands.append(self._unary())
        _reduce(operands, waiting, 1)
        return operands[0]

    def _rank(self) -> int:
        return _RANKS.get(self._word.text, 0) if self._word.kind in ("sign", "name") else 0

    def _unary(self) -> Expression:
        signs = []
        while self._takes("!", "-"):
            signs.append(self._words[self._at - 1])
        inner = self._postfix(self._primary())
        for sign in reversed(signs):
            inner = Operation(sign.text, (inner,), sign.offset)
        return inner

    def _postfix(self, inner: Expression) -> Expression:
        while sign := self._takes(".", "["):
            offset = self._words[self._at - 1].offset
            if sign == "[":
                inner = Member((inner, self.whole()), offset)
                self.expect("sign", "]")
                continue
            name = self._word
            if name.kind != "name":
                raise ExpressionError(f"expected a name behind the '.', found {_shown(name)}", name.offset)
            self._at += 1
            arguments = self._arguments() if self._takes("(") else None
            part = Member((inner,), name.offset)
            inner = part if arguments is None else Call(name.text, (inner, *arguments), name.offset)
        return inner

    def _primary(self) -> Expression:
        word = self._word
        self._at += 1
        match word.kind:
            case "number":
                return number_of(word)
            case "text":
                return text_of(word)
            case "channel":
                return Channel(word.text, word.offset)
            case "placeholder":
                return Placeholder(word.text, word.offset)
            case "name" if word.text not in _RANKS:
                return (
                    Call(word.text, self._arguments(), word.offset)
                    if self._takes("(")
                    else Name(word.text, word.offset)
                )
        return self._in_brackets(word)

    def _in_brackets(self, word: Token) -> Expression:
        if word.text == "(":
            inner = self.whole()
            self.expect("sign", ")")
            return inner
        if word.text == "[":
            return Items(self._listed("]"), word.offset)
        if word.text == "{":
            return Entries(self._entries(), word.offset)
        raise ExpressionError(f"expected a value, found {_shown(word)}", word.offset)

    def _arguments(self) -> tuple[Expression, ...]:
        return self._listed(")")

    def _listed(self, end: str) -> tuple[Expression, ...]:
        if self._takes(end):
            return ()
        found = [self.whole()]
        while self._takes(","):
            if end == "]" and self._takes(end):
                return tuple(found)
            found.append(self.whole())
        self.expect("sign", end)
        return tuple(found)

    def _entries(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while not self._takes("}"):
            found.append(self.whole())
            self.expect("sign", ":")
            found.append(self.whole())
            if not self._takes(","):
                self.expect("sign", "}")
                break
        return tuple(found)


def _reduce(operands: list[Expression], waiting: list[Token], rank: int) -> None:
    """Put together what waits and binds at least as much."""
    while waiting and _RANKS[waiting[-1].text] >= rank:
        word, right, left = waiting.pop(), operands.pop(), operands.pop()
        operands.append(Operation(word.text, (left, right), word.offset))


def _shown(word: Token) -> str:
    return repr(word.text) if word.text else "the end"
