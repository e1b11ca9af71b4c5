"""Makes packages from configs given as data, through the generator's public door, and imports them."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from sift_codegen import GenerateRequest, generate

__all__ = ["Config", "channel", "config_of", "load_package", "write_config"]

Config = dict[str, Any]
_numbers = itertools.count()


def channel(name: str, data_type: str, **more: object) -> Config:
    """Return a channel as a config states it."""
    return {"name": name, "data_type": data_type, **more}


def config_of(*channels: Config, flow: str = "readings", **more: object) -> Config:
    """Return a config of one flow."""
    return {"asset_name": "rover", "flows": [{"name": flow, "channels": list(channels)}], **more}


def write_config(directory: Path, config: Config) -> Path:
    """Write a config as YAML that says exactly what the data says."""
    path = directory / "vehicle.yaml"
    path.write_text(yaml.safe_dump(config, allow_unicode=False, sort_keys=False), "utf-8")
    return path


def load_package(directory: Path, config: Config) -> ModuleType:
    """Generate the config's package under a name of its own and import all of it, so that its files may go."""
    name = f"generated_{next(_numbers)}"
    written = write_config(directory, config)
    # The tests carry any text in rules, whatever it would mean to Sift.
    generate(GenerateRequest(config=written, output=directory / name, rule_mistakes="warning"))
    sys.path.insert(0, str(directory))
    try:
        importlib.invalidate_caches()
        package = importlib.import_module(name)
        for export in package.__all__:
            getattr(package, export)
        return package
    finally:
        sys.path.remove(str(directory))
