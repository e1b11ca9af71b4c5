"""What an unquoted scalar means by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final, TypeAlias

__all__ = ["TAGS", "ScalarValue", "resolve"]

ScalarValue: TypeAlias = str | int | float | bool | None

_NULL: Final = re.compile(r"null|Null|NULL|~|")
_TRUE: Final = re.compile(r"true|True|TRUE")
_FALSE: Final = re.compile(r"false|False|FALSE")
_DECIMAL: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o([0-7]+)")
_HEXADECIMAL: Final = re.compile(r"0x([0-9a-fA-F]+)")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY: Final = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN: Final = re.compile(r"\.nan|\.NaN|\.NAN")

_BEGINS_A_NUMBER: Final = frozenset("+-.0123456789")
_MOST_DIGITS: Final = 400  # far more than any number a config can hold; int() itself refuses above some thousands


def resolve(text: str) -> ScalarValue:
    """Return the value of an unquoted scalar; raises ValueError for a number of absurd length."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    number = _number(text)
    return text if number is None else number


def _number(text: str) -> int | float | None:
    if text[0] not in _BEGINS_A_NUMBER:
        return None
    for pattern, base in ((_DECIMAL, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if found := pattern.fullmatch(text):
            if len(text) > _MOST_DIGITS:
                raise ValueError(f"a number of {len(text)} digits")
            return int(found[pattern.groups], base)
    if found := _INFINITY.fullmatch(text):
        return -math.inf if found[1] == "-" else math.inf
    if _NAN.fullmatch(text):
        return math.nan
    return float(text) if _FLOAT.fullmatch(text) else None


def _explicit(expected: type, name: str) -> Callable[[str], ScalarValue]:
    def convert(text: str) -> ScalarValue:
        value = resolve(text)
        if expected is float and type(value) is int:
            return float(value)
        if type(value) is not expected:
            raise ValueError(f"{text!r} is no {name}")
        return value

    return convert


TAGS: Final[dict[str, Callable[[str], ScalarValue]]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": _explicit(int, "integer"),
    "tag:yaml.org,2002:float": _explicit(float, "number"),
    "tag:yaml.org,2002:bool": _explicit(bool, "boolean"),
    "tag:yaml.org,2002:null": _explicit(type(None), "null"),
}
"""How explicitly tagged scalars are read; each raises ValueError for a text that is not of its type."""
