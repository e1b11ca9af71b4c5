"""Makes dictionary pages from configs given as data."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import yaml

from sift_codegen._dictionary import PageFormat, build_dictionary, render_dictionary
from sift_codegen._read_config import read_telemetry_config
from tests.generator.packages import Config, write_config

__all__ = ["EXAMPLES", "page_of", "vehicle"]

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"


def page_of(config: Config, page_format: PageFormat) -> str:
    """Return the page of a config."""
    with tempfile.TemporaryDirectory() as directory:
        read = read_telemetry_config(write_config(Path(directory), config))
    return render_dictionary(build_dictionary(read), page_format).decode()


def vehicle() -> Config:
    """Return the example's config, with its named expressions put in."""
    config: Config = yaml.safe_load((EXAMPLES / "vehicle.yaml").read_text("utf-8"))
    expressions = yaml.safe_load((EXAMPLES / "named_expressions.yml").read_text("utf-8"))
    for rule in config["rules"]:
        if isinstance(rule["expression"], dict):
            rule["expression"] = expressions[rule["expression"]["name"]]
    return config
