"""A config and what may happen to it, each mutation with what is to be told of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.generator.packages import Config, channel

__all__ = ["BASE", "CASES", "Case", "mutated", "of"]

BASE: Final[Config] = {
    "asset_name": "rover",
    "flows": [
        {
            "name": "readings",
            "channels": [
                channel("velocity", "double", unit="m/s", description="speed"),
                channel("voltage", "int32"),
                channel("state", "enum", enum_types=[{"name": "off", "key": 0}, {"name": "on", "key": 1}]),
                channel(
                    "pins",
                    "bit_field",
                    bit_field_elements=[
                        {"name": "led", "index": 0, "bit_count": 2},
                        {"name": "heater", "index": 4, "bit_count": 1},
                    ],
                ),
            ],
        },
        {"name": "logs", "channels": [channel("log", "string")]},
    ],
    "x-sift-codegen": {"optional": {"readings": ["voltage"]}},
}

Told = tuple[str, str, str | None, str, str | None, str | None]
"""Class, flow, channel, message, before, after."""


@dataclass(frozen=True)
class Case:
    """A mutation and the changes it makes."""

    name: str
    mutate: Callable[[Any], None]
    told: tuple[Told, ...]


def mutated(case: Case) -> Config:
    """Return the base after a mutation."""
    config = copy.deepcopy(BASE)
    case.mutate(config)
    return config


def of(config: Any, name: str) -> Any:
    """Return a channel of the flow `readings`."""
    return next(each for each in config["flows"][0]["channels"] if each["name"] == name)


def _channels(config: Any) -> Any:
    return config["flows"][0]["channels"]


def _names(config: Any, **names: object) -> None:
    config["x-sift-codegen"]["names"] = names


def _change(key: str, value: object, name: str) -> Callable[[Any], None]:
    return lambda config: of(config, name).update({key: value})


def _labels(*labels: tuple[str, int]) -> Callable[[Any], None]:
    return _change("enum_types", [{"name": name, "key": key} for name, key in labels], "state")


def _elements(*elements: tuple[str, int, int]) -> Callable[[Any], None]:
    parts = [{"name": name, "index": index, "bit_count": count} for name, index, count in elements]
    return _change("bit_field_elements", parts, "pins")


def _wire(channel: str | None, message: str, before: str | None, after: str | None) -> Told:
    return ("WIRE", "readings", channel, message, before, after)


def _source(channel: str | None, message: str, before: str | None, after: str | None) -> Told:
    return ("SOURCE", "readings", channel, message, before, after)


def _retyped(config: Any) -> None:
    of(config, "voltage")["data_type"] = "int64"


CASES: Final = (
    Case(
        "flow removed",
        lambda config: config["flows"].pop(),
        (
            ("WIRE", "logs", None, "flow removed", "1 channel", None),
            ("SOURCE", "logs", None, "Python name removed", "LogsFlow", None),
        ),
    ),
    Case(
        "new flow",
        lambda config: config["flows"].append({"name": "more", "channels": []}),
        (("ADDED", "more", None, "new flow", None, "0 channels"),),
    ),
    Case(
        "channel removed",
        lambda config: _channels(config).pop(0),
        (
            _wire("velocity", "channel removed", "double, 1 of 4", None),
            _source("velocity", "Python name removed", "ReadingsFlow.velocity", None),
        ),
    ),
    Case(
        "channels reordered",
        lambda config: _channels(config).insert(0, _channels(config).pop(2)),
        (_wire("state", "channel moved", "3 of 4", "1 of 4"),),
    ),
    Case("data type changed", _retyped, (_wire("voltage", "data type", "int32", "int64"),)),
    Case(
        "enum renumbered",
        _labels(("off", 1), ("on", 0)),
        (
            _wire("state", "label 'off'", "key 0", "key 1"),
            _wire("state", "label 'on'", "key 1", "key 0"),
        ),
    ),
    Case(
        "label renamed",
        _labels(("off", 0), ("running", 1)),
        (
            _wire("state", "label of key 1", "'on'", "'running'"),
            _source("state", "Python name removed", "State.on", None),
        ),
    ),
    Case(
        "label removed",
        _labels(("off", 0)),
        (
            _wire("state", "label removed", "'on' (key 1)", None),
            _source("state", "Python name removed", "State.on", None),
        ),
    ),
    Case(
        "label added",
        _labels(("on", 1), ("off", 0), ("stuck", 2)),
        (("ADDED", "readings", "state", "label added", None, "'stuck' (key 2)"),),
    ),
    Case("labels listed in another order", _labels(("on", 1), ("off", 0)), ()),
    Case(
        "element moved",
        _elements(("led", 0, 2), ("heater", 5, 1)),
        (_wire("pins", "element 'heater'", "bit 4", "bit 5"),),
    ),
    Case(
        "element widened",
        _elements(("led", 0, 3), ("heater", 4, 1)),
        (_wire("pins", "element 'led'", "bits 0 to 1", "bits 0 to 2"),),
    ),
    Case(
        "element removed",
        _elements(("led", 0, 2)),
        (
            _wire("pins", "element removed", "'heater' (bit 4)", None),
            _source("pins", "Python name removed", "Pins.heater", None),
        ),
    ),
    Case(
        "element added",
        _elements(("led", 0, 2), ("heater", 4, 1), ("fan", 5, 1)),
        (
            ("ADDED", "readings", "pins", "element added", None, "'fan' (bit 5)"),
            _source("pins", "newly required", None, "Pins.fan"),
        ),
    ),
    Case(
        "element added in a byte of its own",
        _elements(("led", 0, 2), ("heater", 4, 1), ("fan", 8, 1)),
        (
            ("ADDED", "readings", "pins", "element added", None, "'fan' (bit 8)"),
            _wire("pins", "length on the wire", "1 byte", "2 bytes"),
            _source("pins", "newly required", None, "Pins.fan"),
        ),
    ),
    Case(
        "channel inserted",
        lambda config: _channels(config).insert(3, channel("range", "float")),
        (
            _wire("range", "channel inserted before the end", None, "float, 4 of 5"),
            _source("range", "newly required", None, "ReadingsFlow.range_"),
        ),
    ),
    Case(
        "channel appended",
        lambda config: _channels(config).append(channel("reach", "float")),
        (
            ("ADDED", "readings", "reach", "channel appended", None, "float, 5 of 5"),
            _source("reach", "newly required", None, "ReadingsFlow.reach"),
        ),
    ),
    Case(
        "optional made required",
        lambda config: config.pop("x-sift-codegen"),
        (_source("voltage", "newly required", "ReadingsFlow.voltage = None", "ReadingsFlow.voltage"),),
    ),
    Case(
        "required made optional",
        lambda config: config["x-sift-codegen"]["optional"]["readings"].append("state"),
        (("ADDED", "readings", "state", "may be left out", "ReadingsFlow.state", "ReadingsFlow.state = None"),),
    ),
    Case(
        "flow class renamed",
        lambda config: _names(config, flows={"logs": "LinesFlow"}),
        (("SOURCE", "logs", None, "Python name", "LogsFlow", "LinesFlow"),),
    ),
    Case(
        "field renamed",
        lambda config: _names(config, channels={"velocity": "speed"}),
        (_source("velocity", "Python name", "ReadingsFlow.velocity", "ReadingsFlow.speed"),),
    ),
    Case(
        "member renamed",
        lambda config: _names(config, members={"state": {"on": "running"}}),
        (_source("state", "Python name", "State.on", "State.running"),),
    ),
    Case(
        "unit changed",
        _change("unit", "km/h", "velocity"),
        (("DOC", "readings", "velocity", "unit", "'m/s'", "'km/h'"),),
    ),
    Case(
        "description removed",
        _change("description", "", "velocity"),
        (("DOC", "readings", "velocity", "description", "'speed'", None),),
    ),
)
