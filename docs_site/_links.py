"""Checks every link of a site that leads into it: pages, anchors, pictures and files."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from docs_site._site import Page, Site

__all__ = ["Link", "broken_links", "links_of"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written, where it leads (a path from the root), and the anchor there."""

    written: str
    path: str
    anchor: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value is not None:
                self.targets.append(value)
            elif name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value or "")


def links_of(page: Page) -> list[Link]:
    """Return the links of a page that lead into the site."""
    links = []
    for target in _read(page).targets:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        path = posixpath.join(posixpath.dirname(page.address), unquote(parts.path)) if parts.path else page.address
        links.append(Link(target, posixpath.normpath(path), unquote(parts.fragment)))
    return links


def broken_links(site: Site) -> list[str]:
    """Return a line for each link that leads nowhere: its page, as it is written, and why."""
    anchors = {address: _read(page).anchors for address, page in site.pages.items()}
    found = []
    for page in site.pages.values():
        for link in links_of(page):
            why = _fault(site, link, anchors)
            if why:
                found.append(f"{page.source}: {link.written}: {why}")
    return found


def _fault(site: Site, link: Link, anchors: dict[str, set[str]]) -> str:
    if link.path in site.pages:
        missing = link.anchor and link.anchor not in anchors[link.path]
        return f"{site.pages[link.path].source} has no anchor {link.anchor!r}" if missing else ""
    if link.path.startswith("..") or not (site.root / link.path).exists():
        return f"there is no {link.path}"
    return ""


def _read(page: Page) -> _Reader:
    reader = _Reader()
    reader.feed(page.body)
    return reader
