"""Writing a site."""

from __future__ import annotations

import html
import posixpath
import shutil
from pathlib import Path

from docs_site._layout import Entry, page_html
from docs_site._links import links_of
from docs_site._site import Page, Site
from docs_site._subjects import by_subject

__all__ = ["write_site"]


def write_site(site: Site, directory: Path) -> None:
    """Write the pages and all files that they show or link to; what was in the directory goes."""
    shutil.rmtree(directory, ignore_errors=True)
    for page in site.pages.values():
        place = directory / page.address
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page_html(page.title, page.body, _contents(site, page)), "utf-8")
        for link in links_of(page):
            if link.path and link.path not in site.pages and (site.root / link.path).is_file():
                copy = directory / link.path
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(site.root / link.path, copy)


def _contents(site: Site, page: Page) -> dict[str, list[Entry]]:
    """Return the index of all pages by subject, as seen from one of them."""
    here = posixpath.dirname(page.address) or "."
    sources = {other.source: other for other in site.pages.values()}
    return {
        subject: [
            Entry(
                title=html.escape(_short(sources[name])),
                link=posixpath.relpath(sources[name].address, here),
                is_here=name == page.source,
            )
            for name in names
        ]
        for subject, names in by_subject(sources).items()
    }


def _short(page: Page) -> str:
    return "Overview" if page.source == "README.md" else page.title
