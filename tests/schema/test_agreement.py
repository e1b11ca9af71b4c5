"""Whatever the reader accepts, the schema accepts: of random configs, and of what becomes of them by one mistake."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_codegen._read_config import read_leniently
from tests.generator.strategies import channel_configs
from tests.schema.validators import mistakes

Place: TypeAlias = tuple[Any, Any]
"""A mapping or a list, and a key or an index of it."""

_WORDS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_OTHERS: Final = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2**33), st.floats(allow_nan=False, allow_infinity=False), _WORDS,
    st.sampled_from(["double", "enum", "review", "$1", "$a", "a b", "class"]),
    st.builds(list), st.builds(dict), st.just({"name": "a"}), st.just(["a"]),
)  # fmt: skip
_KEYS: Final = st.sampled_from(
    [
        "name",
        "unit",
        "units",
        "enum_types",
        "bit_field_elements",
        "x-a",
        "$1",
        "$a",
        "key",
        "rules",
        "component",
        "key ",
    ]
)


@st.composite
def rules(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Draw a rule with some of its parts."""
    parts = {
        "type": st.sampled_from(["review", "phase"]),
        "expression": st.just("$1 > 0 || $limit > 1"),
        "channel_references": st.sampled_from([[{"$1": "a"}], [{"$1": {"name": "a", "data_type": "bool"}}], None]),
        "sub_expressions": st.lists(_OTHERS.filter(lambda value: not isinstance(value, (list, dict))), max_size=1).map(
            lambda values: [{"$limit": value} for value in values]
        ),
        "tags": st.one_of(st.none(), st.lists(_WORDS, max_size=2)),
        "contextual_channels": st.lists(_WORDS, max_size=2),
        "assignee": st.one_of(st.none(), _WORDS),
        "is_external": st.one_of(st.none(), st.booleans()),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(parts.keys() - {"type", "expression"}))))
    return {"name": name, **{key: draw(parts[key]) for key in ("type", "expression", *sorted(chosen))}}


@st.composite
def configs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a config that the reader accepts."""
    config: dict[str, Any] = {"asset_name": draw(_WORDS), "flows": []}
    for number in range(draw(st.integers(0, 2))):
        names = [f"channel {index}" for index in range(draw(st.integers(0, 3)))]
        channels = [draw(channel_configs(name)) for name in names]
        for channel in channels:
            channel.update(draw(st.dictionaries(st.sampled_from(["unit", "description"]), st.none() | _WORDS)))
        config["flows"].append({"name": f"flow {number}", "channels": channels})
    config["channels"] = draw(st.none() | st.dictionaries(_WORDS, channel_configs("a"), max_size=1))
    config["rules"] = [draw(rules(f"rule {number}")) for number in range(draw(st.integers(0, 2)))]
    if config["flows"]:
        channels = [channel["name"] for channel in config["flows"][0]["channels"]]
        optional = draw(st.lists(st.sampled_from(channels), max_size=2)) if channels else []
        config["x-sift-codegen"] = {"optional": {"flow 0": optional}, "names": {"flows": {"flow 0": "FirstFlow"}}}
    return config


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("configs") / "vehicle.yaml"


def reads(file: Path, config: object) -> bool:
    """Say whether the reader accepts a config; JSON is YAML whose every text is quoted."""
    file.write_text(json.dumps(config), "utf-8")
    return not read_leniently(file).errors


@given(config=configs())
@settings(max_examples=60)
def test_what_the_reader_accepts_the_schema_accepts(file: Path, config: dict[str, Any]) -> None:
    assert reads(file, config)
    assert mistakes("config", config) == []


@given(config=configs(), data=st.data())
@settings(max_examples=200)
def test_what_the_schema_rejects_the_reader_rejects(file: Path, config: dict[str, Any], data: st.DataObject) -> None:
    mistaken = copy.deepcopy(config)
    for _ in range(data.draw(st.integers(1, 2))):
        _mutate(mistaken, data)
    assert mistakes("config", mistaken) == [] or not reads(file, mistaken)


@given(config=configs(), data=st.data())
@settings(max_examples=60)
def test_no_key_that_is_unknown_gets_by(file: Path, config: dict[str, Any], data: st.DataObject) -> None:
    mistaken = copy.deepcopy(config)
    closed = [place for place in _mappings(mistaken) if "name" in place]
    data.draw(st.sampled_from([mistaken, *closed]))["unheard_of"] = None
    assert mistakes("config", mistaken)
    assert not reads(file, mistaken)


def _mutate(config: dict[str, Any], data: st.DataObject) -> None:
    holder, at = data.draw(st.sampled_from(list(_places(config))))
    kind = data.draw(st.sampled_from(["replace", "remove", "rename"]))
    if kind == "replace":
        holder[at] = copy.deepcopy(data.draw(_OTHERS))  # what is drawn is the same object each time
    elif kind == "remove":
        del holder[at]
    elif isinstance(holder, dict):
        holder[data.draw(_KEYS)] = holder.pop(at)


def _places(node: object) -> Iterator[Place]:
    if isinstance(node, (dict, list)):
        for at, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            yield node, at
            yield from _places(value)


def _mappings(node: object) -> list[dict[str, Any]]:
    return [value for holder, at in _places(node) if isinstance(value := holder[at], dict)]
