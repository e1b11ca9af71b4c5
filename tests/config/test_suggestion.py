"""What a misspelt word was meant to be, also among very many that are nearly alike."""

from __future__ import annotations

import pytest

from sift_codegen._suggestion import did_you_mean

KEYS = ("name", "data_type", "description", "unit", "component", "enum_types", "bit_field_elements")
CELLS = [f"battery_cell_{number:04}_voltage" for number in range(1500)]


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("units", "unit"),
        ("dataType", "data_type"),
        ("DATA-TYPE", "data_type"),
        ("ame", "name"),
        ("naem", "name"),
        ("descripton", "description"),
        ("enum_type", "enum_types"),
        ("bitfield_elements", "bit_field_elements"),
    ],
)
def test_slips_of_the_fingers(word: str, known: str) -> None:
    assert did_you_mean(word, KEYS) == (f"did you mean {known!r}?",)


@pytest.mark.parametrize("word", ["", "colour", "x-mine", "n" * 1000])
def test_nothing_is_near(word: str) -> None:
    assert did_you_mean(word, KEYS) == ()
    assert did_you_mean(word, ()) == ()


@pytest.mark.parametrize(
    "word",
    [
        "battery_cell_1234_voltag",
        "attery_cell_1234_voltage",
        "battery_cel_1234_voltage",
        "battery_cell_1234_votlage",
        "abttery_cell_1234_voltage",
        "Battery-Cell-1234-voltage",
        "battery_cell1234__voltage",
    ],
)
def test_the_nearest_of_very_many(word: str) -> None:
    assert did_you_mean(word, CELLS) == ("did you mean 'battery_cell_1234_voltage'?",)
