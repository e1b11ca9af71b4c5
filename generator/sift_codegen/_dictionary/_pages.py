"""A dictionary as the bytes of a page."""

from __future__ import annotations

from enum import Enum
from typing import Final

from sift_codegen._dictionary._html import render_html
from sift_codegen._dictionary._markdown import render_markdown
from sift_codegen._dictionary._model import Dictionary

__all__ = ["PageFormat", "render_dictionary"]


class PageFormat(Enum):
    """What a page is written in; the value is the ending of its file's name."""

    HTML = ".html"
    MARKDOWN = ".md"


_RENDERERS: Final = {PageFormat.HTML: render_html, PageFormat.MARKDOWN: render_markdown}


def render_dictionary(dictionary: Dictionary, page_format: PageFormat) -> bytes:
    """Return the page, UTF-8 with LF line ends; the same dictionary gives the same bytes."""
    return "".join(_RENDERERS[page_format](dictionary)).encode()
