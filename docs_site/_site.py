"""Which pages there are, and what each becomes on the site."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docs_site._markdown import render_markdown, title_of

__all__ = ["Page", "Site", "read_site"]

_TOP: Final = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its source and its address, both as paths from the root, and its HTML without what is around it."""

    source: str
    address: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Site:
    """All pages by their address; `root` is where the files are that they link to."""

    root: Path
    pages: dict[str, Page]


def read_site(root: Path) -> Site:
    """Read the README, the changelog and every page of docs/."""
    sources = [name for name in _TOP if (root / name).is_file()]
    sources += sorted(path.relative_to(root).as_posix() for path in (root / "docs").rglob("*.md"))
    pages = [_page(root, source, frozenset(sources)) for source in sources]
    return Site(root, {page.address: page for page in pages})


def _page(root: Path, source: str, sources: frozenset[str]) -> Page:
    text = (root / source).read_text("utf-8")

    def link(target: str) -> str:
        path, mark, anchor = target.partition("#")
        to = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if not path or to not in sources:
            return target
        return posixpath.relpath(_address(to), posixpath.dirname(source) or ".") + mark + anchor

    return Page(source, _address(source), title_of(text, source), render_markdown(text, link))


def _address(source: str) -> str:
    return "index.html" if source == "README.md" else source.removesuffix(".md") + ".html"
