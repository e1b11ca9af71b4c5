"""What each of the two YAML loaders of Sift's Python client makes of an unquoted scalar.

sift_py reads configs with rapidyaml (parsed, resolved, emitted as JSON, read as JSON), or with PyYAML where that is
not installed. PyYAML is asked itself; rapidyaml's ways are written down here, and held against it by a test.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import Final

import yaml

__all__ = ["Reading", "pyyaml_key", "pyyaml_value", "rapidyaml_key", "rapidyaml_value"]

_NOT_A_NUMBER: Final = re.compile(r"\.nan|\.NaN|\.NAN|nan")
_INFINITY: Final = re.compile(r"([-+]?)(?:\.inf|\.Inf|\.INF|inf|infinity)")
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_ZERO_FIRST: Final = re.compile(r"0\d+|0\d*[eE].*", re.ASCII)  # text to rapidyaml
_BASED: Final = re.compile(
    r"[-+](?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+)"
    r"|[-+]?(?:0[xX][0-9a-fA-F]*\.[0-9a-fA-F]*|0[oO][0-7]*\.[0-7]*|0[bB][01]*\.[01]*)(?:[pP][-+]\d+)?",
    re.ASCII,
)  # numbers to rapidyaml, which writes them as they are, and none to JSON
_POINT_AT_END: Final = re.compile(r"-?(?:0|[1-9]\d*)\.", re.ASCII)
_POINT_FIRST: Final = re.compile(r"-?\.\d+(?:[eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """A type and the value as it is shown; two loaders agree where both are the same."""

    kind: str
    shown: str

    def __str__(self) -> str:
        """Say what was read."""
        return f"{self.kind} {self.shown}".rstrip()


_REFUSED: Final = Reading("nothing: it refuses the file", "")
_NULL: Final = Reading("null", "")


def rapidyaml_value(text: str) -> Reading:
    """Return what rapidyaml makes of a value."""
    if text in ("null", ""):
        return _NULL
    if text in ("true", "false"):
        return Reading("the boolean", text)
    if word := _not_finite(text):
        return word
    if _BASED.fullmatch(text):
        return _REFUSED
    return _rapidyaml_number(text) if _NUMBER.fullmatch(text) else _text(text)


def rapidyaml_key(text: str) -> Reading:
    """Return what rapidyaml makes of a key, which is a text whatever it looks like."""
    word = _not_finite(text)
    return word if word and word is not _REFUSED else _text(text)


def pyyaml_value(text: str) -> Reading:
    """Return what PyYAML makes of a value."""
    loader = _pyyaml()
    try:
        tag = loader.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # it has no types
        return _shown(loader.construct_object(yaml.ScalarNode(tag, text)))
    except (ValueError, yaml.YAMLError):  # "=" has a type that nobody constructs, and 0x_ no digits
        return _REFUSED


def pyyaml_key(text: str) -> Reading:
    """Return what PyYAML makes of a key."""
    return _text(text) if text == "=" else pyyaml_value(text)


@functools.lru_cache(maxsize=1)
def _pyyaml() -> yaml.SafeLoader:
    return yaml.SafeLoader("")


def _not_finite(text: str) -> Reading | None:
    if _NOT_A_NUMBER.fullmatch(text):
        return _text(".nan")
    if text in ("-nan", "+nan"):
        return _REFUSED
    found = _INFINITY.fullmatch(text)
    if found is None:
        return None
    return _REFUSED if found[1] == "+" else _text(f"{found[1]}.inf")


def _rapidyaml_number(text: str) -> Reading:
    """Follow a number on its way through JSON, which allows neither + nor a needless 0."""
    if _ZERO_FIRST.fullmatch(text):
        return _text(text)
    if _POINT_AT_END.fullmatch(text) or _POINT_FIRST.fullmatch(text):
        return _shown(float(text))
    try:
        return _shown(json.loads(text))
    except ValueError:
        return _REFUSED


def _text(text: str) -> Reading:
    return Reading("the text", repr(text))


def _shown(value: object) -> Reading:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return Reading("the boolean", str(value).lower())
    if isinstance(value, str):
        return _text(value)
    kinds = {int: "the integer", float: "the number"}
    return Reading(kinds.get(type(value), "the date"), str(value))
