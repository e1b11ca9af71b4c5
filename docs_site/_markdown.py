"""A page's Markdown as HTML, with the anchors that its headings have where repositories are browsed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["render_markdown", "title_of"]


def render_markdown(text: str, link: Callable[[str], str]) -> str:
    """Return the HTML of a page; `link` says where each of its links leads on the site."""
    parser = MarkdownIt("gfm-like", {"linkify": False})
    tokens = parser.parse(text)
    _give_anchors(tokens)
    for token in _all(tokens):
        for name in ("href", "src"):
            if name in token.attrs:
                token.attrs[name] = link(str(token.attrs[name]))
    rendered: str = parser.renderer.render(tokens, parser.options, {})
    return rendered.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")


def title_of(text: str, path: str) -> str:
    """Return a page's first heading, its file's name where it has none."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            return _plain(token)
    return path.rsplit("/", maxsplit=1)[-1]


def _give_anchors(tokens: list[Token]) -> None:
    """Give each heading its anchor; one that another has already gets a number, counted from 1."""
    taken: Counter[str] = Counter()
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", _plain(inline).strip().lower()).replace(" ", "-")
            heading.attrs["id"] = f"{slug}-{taken[slug]}" if taken[slug] else slug
            taken[slug] += 1


def _plain(inline: Token) -> str:
    parts = (part.content for part in inline.children or () if part.type in ("text", "code_inline"))
    return html.unescape("".join(parts))


def _all(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or ()))]
