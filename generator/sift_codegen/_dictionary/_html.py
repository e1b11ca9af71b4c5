"""The dictionary as HTML: one page that needs nothing beside it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

import jinja2
from markupsafe import Markup, escape

from sift_codegen._dictionary._drawing import draw
from sift_codegen._dictionary._model import Dictionary

__all__ = ["render_html"]

_AS_TEXT: Final = str.maketrans({"\r": "&#13;", "\0": "\N{SYMBOL FOR NULL}"})
"""A parser makes line feeds of carriage returns that are written as they are, and HTML has no way to write NUL."""


def render_html(dictionary: Dictionary) -> Iterator[str]:
    """Yield the page, piece by piece: a large one is not kept twice."""
    template = _environment().get_template("dictionary/page.html.j2")
    return template.generate(dictionary=dictionary)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sift_codegen_templates", ""),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=_finished,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["drawn"] = draw
    return environment


def _finished(value: object) -> object:
    """Return a text as it has to be written; every text of the config comes through here."""
    if type(value) is not str:  # Markup is a str, too, and written already
        return value
    escaped = escape(value)
    if "\r" in value or "\0" in value:
        return Markup(str(escaped).translate(_AS_TEXT))  # noqa: S704 - it has been escaped
    return escaped
