"""What holds for all configs: nothing differs from itself, and every mutation is told with its class."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from sift_codegen._compare import ChangeClass, compare_configs, compare_flows
from sift_codegen._compare._order import moved
from sift_codegen._config import (
    TelemetryConfig,
)
from sift_codegen._read_config import read_without_rules
from sift_codegen._read_source import source_of
from tests.generator.packages import Config
from tests.generator.strategies import channel_configs

TYPES = ["double", "float", "int32", "int64", "uint32", "uint64", "bool", "string", "bytes"]


def read(config: Config) -> TelemetryConfig:
    text = yaml.safe_dump(config, allow_unicode=False, sort_keys=False)
    return read_without_rules(source_of(text.encode(), "vehicle.yaml", "vehicle.yaml"))


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Draw a config whose flows have two channels or more, so that they have an order and an inside."""
    flows = []
    for name in draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=3, unique=True)):
        names = draw(st.lists(st.sampled_from([f"{name}{number}" for number in range(8)]), min_size=2, unique=True))
        flows.append({"name": f"flow_{name}", "channels": [draw(channel_configs(each)) for each in names]})
    return {"asset_name": "rover", "flows": flows}


@given(configs())
def test_nothing_differs_from_itself(config: Config) -> None:
    assert compare_configs(read(config), read(config)) == ()
    assert compare_flows(read(config).flows, read(config).flows) == ()


def remove_flow(config: Any, draw: st.DrawFn) -> None:
    config["flows"].pop(draw(st.integers(0, len(config["flows"]) - 1)))


def some_channels(config: Any, draw: st.DrawFn) -> Any:
    return draw(st.sampled_from([flow["channels"] for flow in config["flows"]]))


def remove_channel(config: Any, draw: st.DrawFn) -> None:
    channels = some_channels(config, draw)
    channels.pop(draw(st.integers(0, len(channels) - 1)))


def move_channel(config: Any, draw: st.DrawFn) -> None:
    channels = some_channels(config, draw)
    places = draw(st.lists(st.integers(0, len(channels) - 1), min_size=2, max_size=2, unique=True))
    channels.insert(places[1], channels.pop(places[0]))


def retype_channel(config: Any, draw: st.DrawFn) -> None:
    channel = draw(st.sampled_from(some_channels(config, draw)))
    data_type = draw(st.sampled_from([each for each in TYPES if each != channel["data_type"]]))
    for key in ("enum_types", "bit_field_elements"):
        channel.pop(key, None)
    channel["data_type"] = data_type


def insert_channel(config: Any, draw: st.DrawFn) -> None:
    channels = some_channels(config, draw)
    channels.insert(draw(st.integers(0, len(channels) - 1)), draw(channel_configs("inserted")))


def append_channel(config: Any, draw: st.DrawFn) -> None:
    some_channels(config, draw).append(draw(channel_configs("appended")))


def change_unit(config: Any, draw: st.DrawFn) -> None:
    draw(st.sampled_from(some_channels(config, draw)))["unit"] = "m"


def some_part(config: Any, draw: st.DrawFn, key: str) -> Any:
    """Draw a channel's labels or elements, of those that have any."""
    parts = [channel[key] for flow in config["flows"] for channel in flow["channels"] if key in channel]
    assume(parts)
    return draw(st.sampled_from(parts))


def renumber_label(config: Any, draw: st.DrawFn) -> None:
    labels = some_part(config, draw, "enum_types")
    keys = [label["key"] for label in labels]
    draw(st.sampled_from(labels))["key"] = next(key for key in range(len(keys) + 1) if key not in keys)


def widen_element(config: Any, draw: st.DrawFn) -> None:
    some_part(config, draw, "bit_field_elements")[-1]["bit_count"] += 1


def rename_field(config: Any, draw: st.DrawFn) -> None:
    channel = draw(st.sampled_from(some_channels(config, draw)))["name"]
    config["x-sift-codegen"] = {"names": {"channels": {channel: "another_name"}}}


WIRE, SOURCE, DOC, ADDED = ChangeClass
MUTATIONS: list[tuple[Callable[[Any, st.DrawFn], None], set[ChangeClass]]] = [
    (remove_flow, {WIRE, SOURCE}),
    (remove_channel, {WIRE, SOURCE}),
    (move_channel, {WIRE}),
    (retype_channel, {WIRE}),
    (renumber_label, {WIRE}),
    (widen_element, {WIRE}),
    (insert_channel, {WIRE, SOURCE}),
    (append_channel, {ADDED, SOURCE}),
    (change_unit, {DOC}),
    (rename_field, {SOURCE}),
]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[Config, Config, set[ChangeClass]]:
    before = draw(configs())
    mutate, expected = draw(st.sampled_from(MUTATIONS))
    after = copy.deepcopy(before)
    mutate(after, draw)
    return before, after, expected


@given(mutations())
def test_a_mutation_is_told_with_its_class(mutation: tuple[Config, Config, set[ChangeClass]]) -> None:
    before, after, expected = mutation
    changes = compare_configs(read(before), read(after))
    found = {change.kind for change in changes}
    if expected == {WIRE}:  # an enum that becomes a number takes its class along
        found -= {SOURCE}
    assert found == expected
    assert all(change.flow for change in changes)
    assert all(change.before or change.after for change in changes)


@given(st.permutations(range(9)))
def test_what_has_moved_is_no_more_than_has_to(order: list[int]) -> None:
    gone = set(moved(order))
    stayed = [rank for index, rank in enumerate(order) if index not in gone]
    assert stayed == sorted(stayed)
    longest: list[int] = []
    for index, rank in enumerate(order):
        longest.append(1 + max((longest[left] for left in range(index) if order[left] < rank), default=0))
    assert len(stayed) == max(longest)
