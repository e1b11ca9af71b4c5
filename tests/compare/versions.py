"""Versions of a config, and changes of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.compare.drifts import BASE, of
from tests.generator.packages import write_config

__all__ = ["change_bit_layout", "change_unit", "remove_channel", "renumber_enum", "reorder", "write"]


def write(directory: Path, name: str, change: Callable[[Any], None] = lambda config: None) -> None:
    config = copy.deepcopy(BASE)
    change(config)
    write_config(directory, config).rename(directory / name)


def reorder(config: Any) -> None:
    channels = config["flows"][0]["channels"]
    channels[0], channels[1] = channels[1], channels[0]


def remove_channel(config: Any) -> None:
    del config["flows"][0]["channels"][1]
    config.pop("x-sift-codegen")


def change_unit(config: Any) -> None:
    of(config, "velocity")["unit"] = "km/h"


def renumber_enum(config: Any) -> None:
    of(config, "state")["enum_types"][0]["key"] = 9


def change_bit_layout(config: Any) -> None:
    of(config, "pins")["bit_field_elements"][1]["index"] = 7
