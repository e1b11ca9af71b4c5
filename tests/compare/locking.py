"""Projects with a lock file, and changes of their config."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.compare.drifts import BASE
from tests.generator.packages import Config, channel, write_config

__all__ = ["LOCK", "WORDS", "append", "mutate", "swap"]

LOCK = "sift-codegen.lock"
WORDS = ("vehicle.yaml", "-o", "sdk")


def mutate(directory: Path, change: Callable[[Any], None]) -> None:
    config: Config = copy.deepcopy(BASE)
    change(config)
    write_config(directory, config)


def swap(config: Any) -> None:
    config["flows"][0]["channels"].insert(0, config["flows"][0]["channels"].pop(1))


def append(config: Any) -> None:
    config["flows"][1]["channels"].append(channel("level", "int32"))
