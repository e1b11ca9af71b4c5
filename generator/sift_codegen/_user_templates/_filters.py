"""Filters beside jinja2's own: what makes a text of the config safe in the languages that templates write most."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from sift_codegen import _python_names as python_names
from sift_codegen._dictionary import markdown_words
from sift_codegen._literals import comment_text

__all__ = ["FILTERS"]


def _constant(text: str) -> str:
    """Return a text as the name of a constant: `VehicleState` becomes VEHICLE_STATE, `12v` _12V."""
    name = python_names.identifier(text, frozenset())
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


def _c_comment(text: str) -> str:
    """Return a text for the inside of a comment of C: one line, which cannot end it."""
    return comment_text(text).replace("*/", "* /").replace("/*", "/ *")


def _c_string(text: str) -> str:
    """Return a text as a string of C, in UTF-8; octal escapes end after three digits, whatever follows them."""
    return '"' + "".join(_c_byte(byte) for byte in text.encode()) + '"'


def _c_byte(byte: int) -> str:
    character = chr(byte)
    if character.isascii() and character.isprintable() and character not in '"\\?':
        return character
    return f"\\{byte:03o}"


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "c_comment": _c_comment,
    "c_string": _c_string,
    "constant": _constant,
    "markdown": markdown_words,
}
