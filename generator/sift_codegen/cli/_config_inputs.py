"""Which configs a command reads that makes no package: the one that is named, or all of the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sift_codegen._read_config import SideInputs
from sift_codegen.cli._targets import PackageWords, requests_of

__all__ = ["ConfigInput", "config_inputs"]


@dataclass(frozen=True, slots=True)
class ConfigInput:
    """A config and the files that go with it."""

    path: Path
    side_inputs: SideInputs


def config_inputs(config: Path | None, side_inputs: SideInputs) -> tuple[ConfigInput, ...]:
    """Return the configs; what the command line does not say of the files with them, the project may.

    Raises ConfigError where the project's table has mistakes, click.UsageError where nothing names a config.
    """
    words = PackageWords(
        config=config,
        output_of_unlisted=Path(),
        named_expressions=side_inputs.named_expressions,
        rule_modules=side_inputs.rule_modules,
    )
    return tuple(ConfigInput(request.config, request.side_inputs) for request in requests_of(words))
