"""Generates packages into `sdk` below a directory, and looks at what is there."""

from __future__ import annotations

from pathlib import Path

from sift_codegen import GenerateReport, GenerateRequest, generate
from tests.generator.packages import Config, channel, config_of, write_config

__all__ = ["ONE", "TWO", "run", "tree"]

ONE = config_of(channel("a", "double"), flow="one")
TWO = config_of(channel("a", "double"), flow="two")


def run(tmp_path: Path, config: Config) -> GenerateReport:
    return generate(GenerateRequest(config=write_config(tmp_path, config), output=tmp_path / "sdk"))


def tree(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}
