"""What an unquoted scalar means: the core schema of YAML 1.2, also where the readers of Sift's clients differ."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sift_codegen._config import ScalarValue
from tests.config.reading import channels_of, errors_of, scalar

CORE_SCHEMA: list[tuple[str, ScalarValue]] = [
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("~", None),
    ("", None),
    ("nUll", "nUll"),
    ("true", True),
    ("True", True),
    ("FALSE", False),
    ("tRue", "tRue"),
    ("yes", "yes"),
    ("No", "No"),
    ("ON", "ON"),
    ("off", "off"),
    ("y", "y"),
    ("0", 0),
    ("-17", -17),
    ("+12", 12),
    ("010", 10),
    ("0o17", 15),
    ("0o18", "0o18"),
    ("-0o17", "-0o17"),
    ("0x1F", 31),
    ("0xfg", "0xfg"),
    ("0b11", "0b11"),
    ("1_000", "1_000"),
    ("12_5", "12_5"),
    ("1:30", "1:30"),
    ("18446744073709551616", 2**64),
    ("1.5", 1.5),
    (".5", 0.5),
    ("5.", 5.0),
    ("-.5e-3", -0.0005),
    ("1e3", 1000.0),
    ("1e", "1e"),
    (".", "."),
    ("1.2.3", "1.2.3"),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("+.Inf", math.inf),
    (".iNf", ".iNf"),
    ("inf", "inf"),
    ("nan", "nan"),
    ("-.nan", "-.nan"),
    ("2024-01-01", "2024-01-01"),
    ("=", "="),
    ("\u0661\u0662", "\u0661\u0662"),
    ('"12"', "12"),
    ("'true'", "true"),
    ('""', ""),
    ("! 12", "12"),
    ("!!str 12", "12"),
    ("!!str ", ""),
    ("!!str ~", "~"),
    ("!!int '12'", 12),
    ("!!int 0x10", 16),
    ("!!float 1", 1.0),
    ("!!bool 'true'", True),
    ("!!null ''", None),
]


@pytest.mark.parametrize(("written", "value"), CORE_SCHEMA)
def test_the_core_schema(tmp_path: Path, written: str, value: ScalarValue) -> None:
    found = scalar(tmp_path, written)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("written", [".nan", ".NaN", ".NAN"])
def test_not_a_number(tmp_path: Path, written: str) -> None:
    found = scalar(tmp_path, written)
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize("name", ["nan", "inf", "yes", "ON", "2024-01-01", "12_5", "=", "0x1G", "1_000"])
def test_names_that_other_readers_take_for_something_else(tmp_path: Path, name: str) -> None:
    (channel,) = channels_of(tmp_path, f"flows: [{{name: f, channels: [{{name: {name}, data_type: double}}]}}]")
    assert channel.name == name


@pytest.mark.parametrize("name", ["1e3", "0x1F", "Null", "010", "true", ".nan"])
def test_names_that_are_no_text_are_refused(tmp_path: Path, name: str) -> None:
    (error,) = errors_of(
        tmp_path, f"asset_name: a\nflows: [{{name: f, channels: [{{name: {name}, data_type: double}}]}}]"
    )
    assert error.startswith("2:37: 'name' of a channel of flow 'f' must be a text, found ")


@pytest.mark.parametrize(("key", "value"), [("010", 10), ("0x10", 16), ("+7", 7), ("0o10", 8)])
def test_enum_keys_are_integers_of_the_core_schema(tmp_path: Path, key: str, value: int) -> None:
    labels = f"[{{name: ON, key: {key}}}]"
    (channel,) = channels_of(
        tmp_path, f"flows: [{{name: f, channels: [{{name: c, data_type: enum, enum_types: {labels}}}]}}]"
    )
    assert [(label.name, label.key) for label in channel.enum_types] == [("ON", value)]


@pytest.mark.parametrize("key", ["1_000", "1:30", "0b1"])
def test_enum_keys_that_yaml_1_1_takes_for_integers_are_texts(tmp_path: Path, key: str) -> None:
    labels = f"[{{name: ON, key: {key}}}]"
    (error,) = errors_of(
        tmp_path, f"asset_name: a\nflows: [{{name: f, channels: [{{name: c, data_type: enum, enum_types: {labels}}}]}}]"
    )
    assert error.endswith(f"must be an integer, found the text {key!r}")


def test_a_pair_of_surrogate_escapes_is_one_character(tmp_path: Path) -> None:
    assert scalar(tmp_path, r'"\ud83d\ude00 \u00e9 \U0001F680"') == "\U0001f600 \u00e9 \U0001f680"


@pytest.mark.parametrize("text", ["a\x85b", "a\u2028b", "a\u2029b", "\ue000\x85\ue001", "a\x85\u2028\u2029b"])
def test_breaks_of_yaml_1_1_are_characters(tmp_path: Path, text: str) -> None:
    assert scalar(tmp_path, text) == text
    assert scalar(tmp_path, f"'{text}'") == text
    assert scalar(tmp_path, f'"{text}\\ue002"') == f"{text}\ue002"


def test_columns_behind_breaks_of_yaml_1_1_stay_right(tmp_path: Path) -> None:
    errors = errors_of(tmp_path, "asset_name: {a\u2028: [b\x85]}\nx: 1\n")
    assert errors == [
        "1:13: 'asset_name' of the config must be a text, found a mapping",
        "2:1: unknown key 'x' in the config",
    ]
