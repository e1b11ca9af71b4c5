"""The dictionary as Markdown, for a repository or a wiki."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

import jinja2

from sift_codegen._dictionary._model import Dictionary

__all__ = ["markdown_words", "render_markdown"]

_PLAIN: Final = frozenset(" .,:;/()%=+-?'$@")
"""Signs that mean nothing inside a line of Markdown, beside letters and digits."""
_CODE: Final = re.compile(r"[\w$(](?:[\w .,:;/()%=+$<>&!\[\]{}\"'*-]*[\w)\]\"'])?", re.ASCII)


def render_markdown(dictionary: Dictionary) -> Iterator[str]:
    """Yield the page, piece by piece."""
    return _environment().get_template("dictionary/page.md.j2").generate(dictionary=dictionary)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sift_codegen_templates", ""),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - the output is Markdown: every text goes through one of the filters
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = markdown_words
    environment.filters["code"] = _code
    return environment


def markdown_words(text: str) -> str:
    """Return a text that stays one text, in one line: no part of it is taken for Markdown or HTML."""
    inner = "".join(_written(character) for character in text)
    for edge in (" ", "-", "+", ":", "="):  # spaces at an edge go, and these begin or end something
        inner = re.sub(rf"\A{re.escape(edge)}|{re.escape(edge)}\Z", f"&#{ord(edge)};", inner)
    inner = re.sub(r"(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])", "_", inner)  # inside a word it means nothing
    return re.sub(r"\A(\d+)([.)])", r"\1\\\2", inner)  # no numbered list


def _written(character: str) -> str:
    code = ord(character)
    if character.isalnum() or character in _PLAIN:
        return character
    if character in "|\\<&\t\n\r" or (code >= 0xA0 and not character.isprintable()):
        return f"&#{code};"
    if code < 0x20 or 0x7F <= code < 0xA0:
        return _control(code)
    return "\\" + character if character.isascii() else character


def _control(code: int) -> str:
    """Return what stands for a character that Markdown has no way to write: its picture, or the mark of a lost one."""
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def _code(text: str) -> str:
    """Return a text as code."""
    return f"`{text}`" if _CODE.fullmatch(text) and "|" not in text else f"<code>{markdown_words(text)}</code>"
