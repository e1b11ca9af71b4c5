"""Generated code stands as black would have it, whatever the config says; black itself is asked."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, Final

import black
import pytest
from black.strings import str_width
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from sift_codegen import ConfigError, GenerateRequest
from sift_codegen._generate import plan_package
from sift_codegen._layout.widths import width
from sift_codegen._read_config import SideInputs
from tests.generator.packages import Config, channel, write_config

# What a name gives to Python is of ASCII: letters of other scripts become numbers, so that short names become long.
_NAMES: Final = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    st.text("abz_019.", min_size=1, max_size=90),
    st.builds("x".__mul__, st.integers(20, 100)),
)
_TEXTS: Final = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text("ab '\"\\\n\t　", max_size=40),
    st.builds("word ".__mul__, st.integers(0, 60)),
)
_SCALARS: Final = ("double", "float", "bool", "string", "bytes", "int32", "int64", "uint32", "uint64")
_NUMBERS: Final = st.one_of(st.floats(), st.integers(-(10**399), 10**399), st.booleans(), _TEXTS)


@st.composite
def _channels(draw: st.DrawFn, name: str) -> Config:
    facts: dict[str, Any] = {"unit": draw(_TEXTS), "description": draw(_TEXTS)}
    kind = draw(st.sampled_from([*_SCALARS, "enum", "bit_field"]))
    labels = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    if kind == "enum":
        facts["enum_types"] = [
            {"name": label, "key": key} for key, label in enumerate(labels, draw(st.integers(0, 2**31)))
        ]
    if kind == "bit_field":
        width = draw(st.integers(1, 70))
        facts["bit_field_elements"] = [
            {"name": label, "index": index * width, "bit_count": width} for index, label in enumerate(labels)
        ]
    return channel(name, kind, **facts)


@st.composite
def _configs(draw: st.DrawFn) -> Config:
    channels = [draw(_channels(name)) for name in draw(st.lists(_NAMES, max_size=6, unique=True))]
    names = [each["name"] for each in channels]
    flows = draw(st.lists(_NAMES, min_size=1, max_size=3, unique=True))
    optional = {flow: draw(st.lists(st.sampled_from(names), unique=True)) for flow in flows} if names else {}
    return {
        "asset_name": draw(_NAMES),
        "flows": [{"name": flow, "channels": channels} for flow in flows],
        "rules": [draw(_rules(number, channels)) for number in range(draw(st.integers(0, 2)))] if channels else [],
        "x-sift-codegen": {"optional": optional},
    }


@st.composite
def _rules(draw: st.DrawFn, number: int, channels: list[Config]) -> Config:
    rule: dict[str, Any] = {"name": f"rule {number}", "type": "review", "expression": "$1 > 0"}
    rule["description"] = draw(_TEXTS)
    rule["tags"] = draw(st.lists(_NAMES, max_size=2))
    rule["channel_references"] = [{"$1": draw(st.sampled_from(channels))}]
    if draw(st.booleans()):
        rule["expression"] = {"name": "limit"}
        rule["sub_expressions"] = [
            {"$" + "s" * index: value} for index, value in enumerate(draw(st.lists(_NUMBERS, max_size=4)), 1)
        ]
    return rule


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(config=_configs())
def test_black_leaves_every_file_as_it_is(tmp_path: Path, config: Config) -> None:
    try:
        files = _files(tmp_path, config)
    except ConfigError as error:
        event(f"refused: {error.diagnostics[0].message[:20]}")
        return
    event("generated")
    for path, source in files.items():
        ast.parse(source)
        assert black.format_str(source, mode=black.Mode()) == source, path


@pytest.mark.parametrize("length", [1, *range(24, 96, 3)])
def test_names_of_every_length_are_broken_where_black_breaks_them(tmp_path: Path, length: int) -> None:
    for path, source in _files(tmp_path, _all_named("n" * length)).items():
        assert black.format_str(source, mode=black.Mode()) == source, path


def test_every_character_is_as_wide_as_for_black() -> None:
    characters = [chr(code) for code in range(0x110000)]
    assert [character for character in characters if width(character) != str_width(character)] == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100, 101, 150, 201, 300])
def test_bit_fields_of_many_elements_are_broken_where_black_breaks_them(tmp_path: Path, count: int) -> None:
    elements = [{"name": f"e{index}", "index": index, "bit_count": 1} for index in range(count)]
    flows = [{"name": "wide", "channels": [channel("pins", "bit_field", bit_field_elements=elements)]}]
    for path, source in _files(tmp_path, {"asset_name": "rover", "flows": flows}).items():
        assert black.format_str(source, mode=black.Mode()) == source, path


def _files(directory: Path, config: Config) -> dict[str, str]:
    expressions = directory / "expressions.yml"
    expressions.write_text("limit: $1 > $ssss\n", "utf-8")
    request = GenerateRequest(
        config=write_config(directory, config),
        output=directory / "sdk",
        side_inputs=SideInputs(named_expressions=(expressions,)),
        rule_mistakes="warning",
    )
    return {path: content.decode() for path, content in plan_package(request).files.items() if path.endswith(".py")}


def _all_named(name: str) -> Config:
    """Return a config where everything that has a name has one as long as this."""
    labels = [{"name": name, "key": 1}, {"name": f"{name}2", "key": 4294967295}]
    elements = [{"name": name, "index": 0, "bit_count": 1}, {"name": f"{name}2", "index": 1, "bit_count": 66}]
    channels = [
        *(channel(f"{kind[0]}{name}{number}", kind) for number, kind in enumerate(_SCALARS[:3])),
        channel(f"e{name}", "enum", enum_types=labels),
        channel(f"s{name}", "enum", enum_types=labels[:1]),
        channel(f"b{name}", "bit_field", bit_field_elements=elements),
        channel(f"o{name}", "bit_field", bit_field_elements=elements[:1]),
    ]
    optional = {name: [each["name"] for each in channels]}
    flows = [{"name": flow, "channels": channels} for flow in (name, f"{name}2")]
    alone = [{"name": f"{name}{number}", "channels": [each]} for number, each in enumerate(channels[1:], 3)]
    return {"asset_name": name, "flows": [*flows, *alone], "x-sift-codegen": {"optional": optional}}
