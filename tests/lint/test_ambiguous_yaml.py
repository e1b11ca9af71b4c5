"""SC010 against the two loaders of sift_py themselves: what we say they read is what they read."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path
from typing import Final

import pytest

from sift_codegen._lint._readings import pyyaml_key, pyyaml_value, rapidyaml_key, rapidyaml_value
from sift_codegen._read_config import read_leniently
from tests.lint.both_loaders import read_with_both_loaders
from tests.lint.linting import codes_of, found_in, lint_text

_WORDS: Final = "null Null NULL nULL ~ true True TRUE false yes Yes NO on ON Off y n Y nan NaN .nan .NaN -.nan + = <<"
_INFINITIES: Final = "inf -inf +inf .inf -.INF infinity -infinity"
_NUMBERS: Final = (
    "0x10 0X10 0o17 010 08 0b11 1_000 1:30 1:30.5 1e3 1.5e3 1.5e+3 1.e3 .5 -.5 5. +5 -1:30 12_5 0x1F 00 -010"
)
_ODD_NUMBERS: Final = (
    "00.5 1e400 685_230.15 0x_ 0b_ 1_ -0x1 0707E9 0x9.E 10:30:00 2024-01-01 2024-1-1 2024-01-01T10:00:00Z a é"
)
SCALARS: Final = sorted({*_WORDS.split(), *_INFINITIES.split(), *_NUMBERS.split(), *_ODD_NUMBERS.split()})


def number_like(count: int) -> list[str]:
    """Return texts made of what numbers, dates and words of YAML are made of."""
    chance = random.Random(6)
    parts = [
        "0",
        "1",
        "12",
        "07",
        "9",
        ".",
        "-",
        "+",
        "e",
        "E",
        "_",
        "x",
        "b",
        "o",
        ":",
        "nan",
        "inf",
        "A",
        "T",
        "-01",
        ":30",
    ]
    texts = {"".join(chance.choices(parts, k=chance.randint(1, 5))) for _ in range(count)}
    return sorted(text for text in texts if not text.endswith(":") and text[0] != ":" and text != "-")


def test_both_readings_of_a_value_are_those_of_the_loaders(tmp_path: Path) -> None:
    texts = [*SCALARS, *number_like(3000)]
    loaders = read_with_both_loaders(tmp_path, [f"k: {text}\n" for text in texts])
    ours = [(str(rapidyaml_value(text)), str(pyyaml_value(text))) for text in texts]
    differing = [(text, *pair) for text, *pair in zip(texts, loaders, ours, strict=True) if pair[0] != pair[1]]
    assert differing == []
    assert sum(rapidyaml != pyyaml for rapidyaml, pyyaml in loaders) > 100


def test_both_readings_of_a_key_are_those_of_the_loaders(tmp_path: Path) -> None:
    texts = [text for text in [*SCALARS, *number_like(300)] if text != "<<"]
    loaders = read_with_both_loaders(tmp_path, [f"{text}: v\n" for text in texts])
    different = {text for text, (rapidyaml, pyyaml) in zip(texts, loaders, strict=True) if rapidyaml != pyyaml}
    assert different == {text for text in texts if rapidyaml_key(text) != pyyaml_key(text)}


CHANNEL: Final = "asset_name: rover\nflows:\n  - name: f\n    channels:\n      - {data_type: double, %s}\n"
ENUM: Final = (
    "asset_name: rover\nflows:\n  - name: f\n    channels:\n      - {name: c, data_type: enum, enum_types: [%s]}\n"
)
MERGE: Final = (
    "asset_name: rover\nx-a: &v {name: a, data_type: double, unit: V}\nx-b: &w {name: b, data_type: double}\n"
    "flows:\n  - {name: f, channels: [%s]}\n"
)
BAD: Final = {
    "a list of anchors, over explicit keys": MERGE % "{<<: [*v, *w], name: c}",
    "an explicit key before the merge": MERGE % "{unit: mV, <<: *v}",
    "a mapping that is merged in its place": MERGE % "{<<: {name: a}, data_type: double}",
    "nan": CHANNEL % "name: nan",
    "inf": CHANNEL % "name: inf",
    "a tilde": CHANNEL % "name: c, unit: ~",
    "yes": CHANNEL % "name: yes",
    "labels": ENUM % "{name: ON, key: 1}, {name: OFF, key: 0}",
    "a hexadecimal key": ENUM % "{name: a, key: 0x10}",
    "an octal key": ENUM % "{name: a, key: 010}",
    "underscores": ENUM % "{name: a, key: 1_000}",
    "sexagesimal": ENUM % "{name: a, key: 1:30}",
    "an exponent": CHANNEL % "name: 1e3",
    "a tag": CHANNEL % "name: !!str 12",
    "an anchor twice": MERGE.replace("&w", "&v") % "*v",
    "a date": CHANNEL % "name: 2024-01-01",
    "digits": CHANNEL % "name: 12_5",
    "a hexadecimal name": CHANNEL % "name: 0x1F",
    "Null": CHANNEL % "name: Null",
    "an equals sign": CHANNEL % "name: =",
    "a sign": ENUM % "{name: a, key: +5}",
    "a boolean": "asset_name: rover\nrules:\n  - {name: r, type: phase, expression: $1, is_external: True}\n",
    "a key": "asset_name: rover\nchannels: {on: &v {name: v, data_type: double}}\nflows: [{name: f, channels: [*v]}]\n",
    "a mark": "---\nasset_name: rover\n",
}


def test_every_row_is_found_and_read_differently(tmp_path: Path) -> None:
    loaders = read_with_both_loaders(tmp_path, list(BAD.values()))
    for (what, text), (rapidyaml, pyyaml) in zip(BAD.items(), loaders, strict=True):
        assert ordered(rapidyaml) != ordered(pyyaml), what
        assert found_in(tmp_path, text, "SC010"), what


@pytest.mark.parametrize(
    "text",
    [
        MERGE % "{<<: *v, unit: mV}",
        MERGE % "{<<: [*v], unit: V}",
        MERGE % "{unit: V, <<: *v}",
        CHANNEL % 'name: "yes"',
        CHANNEL % "name: 'nan'",
        CHANNEL % "name: c, unit: null",
        CHANNEL % "name: c, unit: ",
        CHANNEL % 'name: c, unit: !!str "12"',
        CHANNEL % "name: c, description: one - two, unit: 1/s",
        ENUM % "{name: a, key: 16}",
        "asset_name: rover\nrules:\n  - {name: r, type: phase, expression: {name: e}, sub_expressions: [$x: 1.5]}\n",
    ],
)
def test_what_both_read_alike_is_no_finding(tmp_path: Path, text: str) -> None:
    ((rapidyaml, pyyaml),) = read_with_both_loaders(tmp_path, [text])
    assert rapidyaml == pyyaml
    assert found_in(tmp_path, text, "SC010") == []


def test_both_readings_are_shown(tmp_path: Path) -> None:
    assert found_in(tmp_path, CHANNEL % "name: nan", "SC010") == [
        "5:35: ambiguous nan: rapidyaml reads the text '.nan', PyYAML reads the text 'nan'; quote it"
    ]
    assert found_in(tmp_path, MERGE % "{unit: mV, <<: *v}", "SC010") == [
        "5:27: ambiguous unit: rapidyaml reads the text 'V', PyYAML reads the text 'mV'; put << first\n"
        f"merged: {tmp_path / 'vehicle.yaml'}:2:44"
    ]


def test_an_alias_is_told_where_its_anchor_is(tmp_path: Path) -> None:
    flows = "flows:\n  - {name: f, channels: [*v]}\n  - {name: g, channels: [*v]}\n"
    report = lint_text(tmp_path, f"asset_name: rover\nx-a: &v {{name: yes, data_type: double}}\n{flows}")
    assert codes_of(report.findings) == ["SC010"]


def test_the_extension_is_read_by_nobody_else(tmp_path: Path) -> None:
    text = CHANNEL % 'name: "yes"' + "x-sift-codegen: {names: {channels: {yes: y}}}\n"
    assert found_in(tmp_path, text, "SC010") == []


def merging(chance: random.Random) -> str:
    """Return a config whose channels merge two anchors in some way, with keys before and behind."""

    def keys(count: int) -> list[str]:
        chosen = chance.sample(["name", "unit", "description"], count)
        return [f"{key}: {chance.choice(['one', 'two'])}" for key in chosen]

    def entries(merges: list[str]) -> str:
        parts = keys(chance.randint(0, 2))
        merge = chance.choice(merges)
        parts.insert(chance.randint(0, len(parts)), merge)
        return ", ".join(part for part in parts if part)

    anchors = f"x-v: &v {{{', '.join(keys(2))}}}\nx-w: &w {{{', '.join(keys(2))}}}\n"
    channels = [entries(["", "<<: *v", "<<: *w", "<<: [*v, *w]", "<<: [*w, *v]", "<<: [*v]"]) for _ in range(2)]
    return f"asset_name: rover\n{anchors}flows: [{{name: f, channels: [{{{channels[0]}}}, {{{channels[1]}}}]}}]\n"


def test_a_merge_is_found_exactly_where_the_loaders_differ(tmp_path: Path) -> None:
    chance = random.Random(6)
    texts = [merging(chance) for _ in range(300)]
    loaders = read_with_both_loaders(tmp_path, texts)
    different = [ordered(rapidyaml) != ordered(pyyaml) for rapidyaml, pyyaml in loaders]
    found = [any(", PyYAML reads " in told for told in found_in(tmp_path, text, "SC010")) for text in texts]
    assert [text for text, *pair in zip(texts, different, found, strict=True) if pair[0] != pair[1]] == []
    assert 50 < sum(different) < 250


def ordered(read: str) -> str:
    """Return what was read without the order of its keys."""
    try:
        return json.dumps(ast.literal_eval(read), sort_keys=True)
    except (SyntaxError, TypeError, ValueError):  # it holds a date, has keys of several types, or was refused
        return read


def test_of_a_list_of_anchors_the_loaders_take_the_last_and_the_specification_the_first(tmp_path: Path) -> None:
    text = MERGE % "{<<: [*v, *w]}"
    for read in read_with_both_loaders(tmp_path, [text])[0]:
        assert ast.literal_eval(read)["flows"][0]["channels"][0]["name"] == "b"
    (told,) = found_in(tmp_path, text, "SC010")
    config = read_leniently(tmp_path / "vehicle.yaml").config
    assert config is not None
    assert config.flows[0].channels[0].name == "a"
    readings = "rapidyaml and PyYAML 6.0.4 read the text 'b', PyYAML before that and YAML's merge key read the text 'a'"
    assert f"ambiguous name: {readings}; merge one anchor only" in told
