"""Merge keys: explicit keys win wherever they stand, and the first of a list wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.reading import channels_of

VOLTAGE = "x-v: &v {name: voltage, data_type: double, unit: V}"
CURRENT = "x-c: &c {name: current, data_type: float, unit: A, description: of the bus}"


def merged(tmp_path: Path, *lines: str) -> tuple[str, str, str, str]:
    (channel,) = channels_of(tmp_path, VOLTAGE, CURRENT, "flows:", "- name: f", "  channels:", *lines)
    return channel.name, channel.data_type.value, channel.unit, channel.description


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["  - *v"], ("voltage", "double", "V", "")),
        (["  - <<: *v"], ("voltage", "double", "V", "")),
        (["  - <<: *v", "    unit: mV"], ("voltage", "double", "mV", "")),
        (["  - unit: mV", "    <<: *v"], ("voltage", "double", "mV", "")),
        (["  - <<: [*v, *c]"], ("voltage", "double", "V", "of the bus")),
        (["  - <<: [*c, *v]"], ("current", "float", "A", "of the bus")),
        (["  - <<: []", "    name: n", "    data_type: bool"], ("n", "bool", "", "")),
        (["  - <<: {<<: *c, name: nested}", "    unit: mA"], ("nested", "float", "mA", "of the bus")),
        (["  - <<: [{unit: mV}, {<<: *v, unit: kV}]"], ("voltage", "double", "mV", "")),
        (["  - {<<: *v, ? unit : mV}"], ("voltage", "double", "mV", "")),
        (["  - <<: *v", "    unit: ~"], ("voltage", "double", "", "")),
    ],
)
def test_what_wins(tmp_path: Path, lines: list[str], expected: tuple[str, str, str, str]) -> None:
    assert merged(tmp_path, *lines) == expected


def test_an_anchor_may_be_defined_again(tmp_path: Path) -> None:
    lines = ["x-a: &a {name: first, data_type: double}", "x-b: *a", "x-c: &a {name: second, data_type: double}"]
    (channel,) = channels_of(tmp_path, *lines, "flows: [{name: f, channels: [*a]}]")
    assert channel.name == "second"


def test_a_list_of_channels_is_shared_whole(tmp_path: Path) -> None:
    lines = [VOLTAGE, CURRENT, "x-common: &common [*v, *c]", "flows: [{name: f, channels: *common}]"]
    assert [channel.name for channel in channels_of(tmp_path, *lines)] == ["voltage", "current"]


def test_a_key_may_be_an_alias(tmp_path: Path) -> None:
    lines = ["x-key: &key unit", "flows: [{name: f, channels: [{name: n, data_type: double, *key : V}]}]"]
    assert channels_of(tmp_path, *lines)[0].unit == "V"


def test_a_channel_knows_where_it_is_listed_and_where_its_name_stands(tmp_path: Path) -> None:
    (channel,) = channels_of(tmp_path, VOLTAGE, "flows:", "- name: f", "  channels: [*v]")
    assert (channel.position.line, channel.position.column) == (5, 14)
    assert (channel.name_position.line, channel.name_position.column) == (2, 16)
