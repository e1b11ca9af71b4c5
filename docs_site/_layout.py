"""What stands around a page: its head, and the index of all pages by subject."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

__all__ = ["Entry", "page_html"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the index; its title is HTML."""

    title: str
    link: str
    is_here: bool


_STYLE: Final = """
:root { --paper: #fff; --ink: #1b2330; --soft: #5b6676; --line: #dfe3ea; --link: #1558b0; --code: #f3f5f8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161d; --ink: #e5e9f0; --soft: #9aa6b8; --line: #2e3745; --link: #8ab8ff; --code: #1c232e; }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, "DejaVu Sans", sans-serif; }
.page { display: grid; grid-template-columns: 15rem minmax(0, 52rem); gap: 3rem; padding: 0 clamp(1rem, 3vw, 3rem); }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 2rem 0; }
nav { font-size: .9rem; line-height: 1.45; }
nav h2 { margin: 1.4rem 0 .3rem; color: var(--soft); font-size: .75rem; letter-spacing: .06em; }
nav h2 { text-transform: uppercase; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: .15rem 0; color: inherit; }
nav a[aria-current] { color: var(--link); font-weight: 600; }
main { min-width: 0; padding: 1.5rem 0 5rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1, h2, h3 { line-height: 1.25; letter-spacing: -.01em; }
main h2 { margin-top: 2.5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
code { padding: .1em .3em; background: var(--code); border-radius: 4px; overflow-wrap: anywhere; }
code, pre { font: .875em/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { padding: 1rem 1.2rem; background: var(--code); border-radius: 8px; overflow-x: auto; }
pre code { padding: 0; font-size: 1em; overflow-wrap: normal; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .4rem 1rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
img { max-width: 100%; height: auto; }
@media (max-width: 56rem) { .page { display: block; } nav { position: static; max-height: 16rem; } }
@media print { nav { display: none; } .page { display: block; } }
"""


def page_html(title: str, body: str, contents: dict[str, list[Entry]]) -> str:
    """Return a whole page."""
    subjects = "\n".join(_subject(subject, entries) for subject, entries in contents.items())
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{html.escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>{_STYLE}</style>\n</head>\n'
        f'<body>\n<div class="page">\n<nav aria-label="All pages">\n{subjects}\n</nav>\n<main>\n{body}</main>\n'
        "</div>\n</body>\n</html>\n"
    )


def _subject(subject: str, entries: list[Entry]) -> str:
    lines = "\n".join(
        f'<li><a href="{html.escape(entry.link)}"{_mark(entry)}>{entry.title}</a></li>' for entry in entries
    )
    return f"<h2>{html.escape(subject)}</h2>\n<ul>\n{lines}\n</ul>"


def _mark(entry: Entry) -> str:
    return ' aria-current="page"' if entry.is_here else ""
