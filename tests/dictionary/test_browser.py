"""The page in a real Chromium: what a reader sees, types and follows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sift_codegen._dictionary import PageFormat
from tests.dictionary.browser import CHROMIUM, Browser, Page
from tests.dictionary.pages import page_of, vehicle
from tests.dictionary.test_carried_text import HOSTILE, shown
from tests.generator.packages import channel, config_of

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.skipif(os.name != "posix", reason="it is driven through inherited file descriptors"),
]

VISIBLE = """
Array.from(document.querySelectorAll("main article h3 a")).filter(link => link.checkVisibility())
  .map(link => link.closest("article").className + " " + link.textContent)
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("pages") / "vehicle.html"
    path.write_text(page_of(vehicle(), PageFormat.HTML), "utf-8")
    return path.as_uri()


def visible(page: Page) -> list[str]:
    found: list[str] = page.evaluate(VISIBLE)
    return found


def of_kind(page: Page, kind: str) -> list[str]:
    return [entry.removeprefix(f"{kind} ") for entry in visible(page) if entry.startswith(f"{kind} ")]


def test_a_channel_is_found_as_one_types(browser: Browser, address: str) -> None:
    with browser.page(address) as page:
        everything = visible(page)
        assert of_kind(page, "channel") == ["gpio", "log", "mainmotor.velocity", "vehicle_state", "voltage"]
        page.type("/")  # the key that goes to the search box
        page.type("vel")
        assert of_kind(page, "channel") == ["mainmotor.velocity"]
        assert of_kind(page, "flow") == ["readings"]
        assert page.evaluate("document.getElementById('told').textContent") == "1 of 5 channels"
        assert page.evaluate("location.hash") == "#q=vel"
        assert page.evaluate("CSS.highlights.get('found').size") > 0
        page.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "mainmotor.velocity"
        page.press("Escape")
        assert visible(page) == everything
        assert page.evaluate("location.hash") == ""
        assert page.complaints() == []


@pytest.mark.parametrize(
    ("query", "channels"),
    [
        ("miles", ["mainmotor.velocity"]),  # a unit
        ("PINS", ["gpio"]),  # a description
        ("accel", ["vehicle_state"]),  # a label
        ("heater", ["gpio"]),  # an element
        ("bit_field", ["gpio"]),  # a type
        ("VoltageFlow.voltage", ["voltage"]),  # a name in Python
        ("asset logs", ["log"]),
        ("logs asset", ["log"]),  # words in any order
        ("no such thing", []),
    ],
)
def test_the_address_keeps_the_query(browser: Browser, address: str, query: str, channels: list[str]) -> None:
    with browser.page(f"{address}#q={quote(query)}") as page:
        assert of_kind(page, "channel") == channels
        assert page.evaluate("document.getElementById('q').value") == query
        assert page.evaluate("document.getElementById('none').checkVisibility()") == (not channels)


def test_a_link_to_what_the_search_hides_shows_it(browser: Browser, address: str) -> None:
    with browser.page(f"{address}#q=heater") as page:
        page.evaluate("document.querySelector('nav a[href=\"#rule-overheating\"]').click()")
        page.settle()
        assert "rule overheating" in visible(page)
        top = page.evaluate("document.getElementById('rule-overheating').getBoundingClientRect().top")
        assert 0 <= top < page.evaluate("innerHeight")


def test_everything_is_there_without_scripts(browser: Browser, address: str) -> None:
    with browser.page(address, scripting=False) as page:
        tree = page.call("DOMSnapshot.captureSnapshot", computedStyles=["display"])
        texts = set(tree["strings"])
        assert {"mainmotor.velocity", "Miles Per Hour", "Accelerating", "heater", "failure"} <= texts
        assert "Without JavaScript everything is here but the search: use your browser's." in texts


def test_it_asks_for_nothing_but_itself(browser: Browser, address: str) -> None:
    with browser.page(address) as page:
        assert page.requests() == [address]


def test_the_bits_are_drawn_in_their_places(browser: Browser, address: str) -> None:
    with browser.page(address) as page:
        boxes: dict[str, Any] = page.evaluate(
            "Object.fromEntries(Array.from(document.querySelectorAll('#channel-gpio svg g'), g => {"
            " const box = g.querySelector('rect').getBoundingClientRect();"
            " return [g.querySelector('title').textContent,"
            "   [box.left, box.width, getComputedStyle(g.querySelector('rect')).fill]]; }))"
        )
    assert list(boxes) == ["heater: bit 7", "led: bits 3 to 6", "charge: bits 1 to 2", "12v: bit 0"]
    lefts = [left for left, _, _ in boxes.values()]
    assert lefts == sorted(lefts)
    heater, led = boxes["heater: bit 7"], boxes["led: bits 3 to 6"]
    assert led[1] / heater[1] == pytest.approx(4, rel=0.05)
    assert len({colour for _, _, colour in boxes.values()}) == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read_in_light_and_in_dark(browser: Browser, address: str, scheme: str) -> None:
    """The contrast of the texts is what WCAG asks for: 4.5 to 1."""
    with browser.page(address) as page:
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        pairs = page.evaluate(
            "['h1', '.facts', '.description', '.type', 'dt', 'dd a', '.t-enum', '.t-bit_field', 'td'].map(selector => {"
            " const element = document.querySelector(selector); let behind = element;"
            " while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;"
            " return [selector, getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]; })"
        )
    for selector, ink, paper in pairs:
        assert _contrast(ink, paper) >= 4.5, (selector, ink, paper)


def test_print_leaves_out_what_paper_cannot_do(browser: Browser, address: str) -> None:
    with browser.page(address) as page:
        page.call("Emulation.setEmulatedMedia", media="print")
        assert page.evaluate("document.getElementById('q').checkVisibility()") is False
        assert of_kind(page, "channel") == ["gpio", "log", "mainmotor.velocity", "vehicle_state", "voltage"]


def test_no_text_is_more_than_text(browser: Browser, tmp_path: Path) -> None:
    names = [f"{number} {text}" for number, text in enumerate(HOSTILE)]
    config = config_of(*(channel(name, "double", unit=name, description=name) for name in names))
    path = tmp_path / "hostile.html"
    path.write_text(page_of(config, PageFormat.HTML), "utf-8")
    with browser.page(path.as_uri()) as page:
        for selector in (".channel h3 a", ".channel .unit", ".channel .description", ".flow td:nth-child(2) a"):
            carried = page.evaluate(f"Array.from(document.querySelectorAll('{selector}'), e => e.textContent)")
            assert sorted(carried) == sorted(map(shown, names)), selector
        assert page.evaluate("document.scripts.length") == 1
        assert page.requests() == [path.as_uri()]
        assert page.complaints() == []


def test_a_large_page_is_laid_out_where_one_looks(browser: Browser, tmp_path: Path) -> None:
    config = config_of(*(channel(f"c{number:04}", "double", unit="V") for number in range(1200)))
    path = tmp_path / "large.html"
    path.write_text(page_of(config, PageFormat.HTML), "utf-8")
    with browser.page(f"{path.as_uri()}#channel-c0900") as page:
        page.settle()
        page.settle()
        top = page.evaluate("document.getElementById('channel-c0900').getBoundingClientRect().top")
        assert 0 <= top < page.evaluate("innerHeight")
        assert page.evaluate("getComputedStyle(document.querySelector('.chunk')).contentVisibility") == "auto"
        page.type("/")
        page.type("c11 v")
        assert len(of_kind(page, "channel")) == 100
        assert page.evaluate("document.querySelectorAll('.flow tbody tr:not([hidden])').length") == 100


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
