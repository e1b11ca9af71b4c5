"""Whatever text a config holds comes back exactly, however YAML spells it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.config.reading import read

AWKWARD = "a \t\n\r\x00\x7f\x85\xa0\u2028\u2029\ue000\ue001\ufeff\U0001f600:#-'\"\\{["
TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.text(st.sampled_from(AWKWARD), max_size=12)
# Unescaped, PyYAML writes these as line breaks, which they are no more in YAML 1.2.
UNBROKEN_TEXT = TEXT.map(lambda text: "".join(character for character in text if character not in "\x85\u2028\u2029"))
QUOTED = st.sampled_from(["'", '"', "|", ">"])


def configs(text: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    types = st.sampled_from(["double", "int32", "bytes"])
    channel = st.fixed_dictionaries({"name": text, "data_type": types}, optional={"unit": text, "description": text})
    channels = st.lists(channel, max_size=4, unique_by=lambda channel: channel["name"])
    flow = st.fixed_dictionaries({"name": text, "channels": channels})
    return st.fixed_dictionaries({"asset_name": text, "flows": st.lists(flow, min_size=1, max_size=1)})


def dumps(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[dict[str, Any], str | None]]:
    """Return configs with the style to dump them in; where PyYAML may leave out quotes, no text looks like a number.

    It knows YAML 1.1, in which `0E0` and `0o7` are texts.
    """
    plain = text.map(lambda found: f"n{found}")
    return st.tuples(configs(text), QUOTED) | st.tuples(configs(plain), st.none())


@given(dumps(TEXT))
def test_escaped_text_comes_back(dump: tuple[dict[str, Any], str | None]) -> None:
    config, style = dump
    check(config, yaml.safe_dump(config, allow_unicode=False, default_style=style, sort_keys=False))


@given(dumps(UNBROKEN_TEXT))
def test_unescaped_text_comes_back(dump: tuple[dict[str, Any], str | None]) -> None:
    config, style = dump
    check(config, yaml.safe_dump(config, allow_unicode=True, default_style=style, sort_keys=False))


def check(config: dict[str, Any], dumped: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        found = read(Path(directory), dumped)
    flow = config["flows"][0]
    assert (found.asset_name, found.flows[0].name) == (config["asset_name"], flow["name"])
    told = [(channel.name, channel.unit, channel.description) for channel in found.flows[0].channels]
    assert told == [
        (channel["name"], channel.get("unit", ""), channel.get("description", "")) for channel in flow["channels"]
    ]
