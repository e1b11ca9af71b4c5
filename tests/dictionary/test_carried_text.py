"""Every text of a config is on the page, exactly, and is nothing but text there: read with real parsers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from xml.etree.ElementTree import Element

import html5lib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sift_codegen._dictionary import PageFormat
from tests.dictionary.pages import page_of
from tests.generator.packages import Config, channel, config_of
from tests.generator.test_carried_text import NASTY

HOSTILE = [
    *NASTY,
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    "</svg>",
    "</style>",
    "&amp;",
    "&#65;",
    "|",
    "\\|",
    "[a](b)",
    "![a](b)",
    "*a*",
    "__a__",
    "~~a~~",
    "<b>",
    "# a",
    "- a",
    "1. a",
    "1) a",
    "+ a",
    "---",
    "===",
    "> a",
    "http://a.b",
    "www.a.b",
    "\u2067\u05e9\u05dc\u05d5\u05dd\u2069",
]
texts = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=4))
).map("".join)
all_texts = st.lists(texts, min_size=8, max_size=8)


def config_with(carried: list[str]) -> Config:
    asset, flow, name, unit, description, label, element, expression = carried
    flow, plain, state, pins = f"f{flow}", f"plain{name}", f"state{name}", f"pins{name}"
    config = config_of(
        channel(plain, "double", description=description, unit=unit),
        channel(state, "enum", enum_types=[{"name": label, "key": 0}]),
        channel(pins, "bit_field", bit_field_elements=[{"name": element, "index": 0, "bit_count": 70}]),
        flow=flow,
        rules=[{"name": name, "type": "review", "expression": expression, "description": description}],
    )
    config["asset_name"] = asset
    config["x-sift-codegen"] = {
        "names": {
            "flows": {flow: "ReadingsFlow"},
            "channels": {plain: "plain", state: "state", pins: "pins"},
            "types": {state: "State", pins: "Pins"},
        }
    }
    return config


def shown(text: str) -> str:
    """Return a text as HTML can have it, which has no way to write NUL."""
    return text.replace("\0", "\u2400")


def shown_in_markdown(text: str) -> str:
    """Return a text as Markdown can have it, which has no way to write control characters other than line breaks."""
    pictures = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"}
    return text.translate({**pictures, 0x7F: 0x2421, **dict.fromkeys(range(0x80, 0xA0), 0xFFFD)})


def found(page: Element, path: str) -> list[str]:
    return ["".join(element.itertext()) for element in page.findall(path)]


@given(carried=all_texts)
@example(carried=["</title><script>"] * 8)
@example(carried=["\r"] * 8)
@settings(max_examples=25, deadline=None)
def test_html_carries_every_text_exactly(carried: list[str]) -> None:
    source = page_of(config_with(carried), PageFormat.HTML)
    page = html5lib.parse(source, namespaceHTMLElements=False)
    asset, flow, name, unit, description, label, element, expression = map(shown, carried)
    assert found(page, ".//h1/bdi") == [asset]
    assert found(page, ".//article[@class='flow']/h3/a") == [f"f{flow}"]
    names = {f"{kind}{name}" for kind in ("plain", "state", "pins")}
    assert set(found(page, ".//article[@class='channel']/h3/a")) == names
    assert found(page, ".//article[@class='flow']//td[2]/a") == [f"{kind}{name}" for kind in ("plain", "state", "pins")]
    assert found(page, ".//span[@class='unit']") == ([unit] if unit else [])
    # The channel's, and the rule's.
    assert found(page, ".//p[@class='description s']") == ([description] * 2 if description else [])
    assert found(page, ".//td[@class='s']") == [label]
    assert found(page, ".//td/bdi") == [element]
    assert found(page, ".//article[@class='rule']/h3/a") == [name]
    assert found(page, ".//p[@class='expression']/code") == [expression]
    assert len(page.findall(".//script")) == 1
    assert not page.findall(".//b[@class='x']")


@given(carried=all_texts)
@settings(max_examples=25, deadline=None)
def test_no_link_of_the_page_leads_nowhere(carried: list[str]) -> None:
    page = html5lib.parse(page_of(config_with(carried), PageFormat.HTML), namespaceHTMLElements=False)
    anchors = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
    assert len(anchors) == len(set(anchors))
    targets = {element.attrib["href"] for element in page.findall(".//a")}
    assert targets <= {f"#{anchor}" for anchor in anchors}


@given(carried=all_texts)
@example(carried=["\xa0"] * 8)
@settings(max_examples=40, deadline=None)
def test_markdown_carries_every_text_exactly(carried: list[str]) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(page_of(config_with(carried), PageFormat.MARKDOWN))
    lines = [_text(token.children) for token in tokens if token.type == "inline" and token.children is not None]
    asset, flow, name, unit, description, label, element, expression = map(shown_in_markdown, carried)
    headings = [line for line, before in zip(lines, _openings(tokens), strict=True) if before == "heading_open"]
    channels = sorted((f"{kind}{name}" for kind in ("plain", "state", "pins")), key=str.casefold)
    assert headings == [asset, "Channels", *channels, "Flows", f"f{flow}", "Rules", name]
    cells = [line for line, before in zip(lines, _openings(tokens), strict=True) if before == "td_open"]
    for text in (unit, label, element, expression, *channels):
        assert text in cells or not text
    paragraphs = [line for line, before in zip(lines, _openings(tokens), strict=True) if before == "paragraph_open"]
    assert paragraphs.count(description) == 2 or not description


def _openings(tokens: list[Token]) -> list[str]:
    """Return the kind of the block that each line stands in."""
    return [before.type for before, token in itertools.pairwise(tokens) if token.type == "inline"]


def _text(parts: Iterable[Token]) -> str:
    """Return what a reader sees of a line: its text, without the marks around it."""
    seen = ""
    for part in parts:
        assert part.type not in ("image", "softbreak", "hardbreak", "em_open", "strong_open", "s_open"), part
        if part.type == "html_inline":
            assert part.content in ("<code>", "</code>", "</a>") or part.content.startswith('<a id="'), part
        else:
            seen += part.content
    return seen
