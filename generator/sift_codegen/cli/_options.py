"""Options that several subcommands have."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from sift_codegen._build_package import MESSAGES
from sift_codegen.cli._yaml_file import YamlFile

__all__ = ["INPUT_FILE", "package_options", "rule_mistakes_option", "server_options", "side_input_options"]

INPUT_FILE: Final = YamlFile(path_type=Path)
"""A YAML file, or a folder of them."""
_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Directory(click.Path):
    """A path that is not empty: an empty variable in a script must not mean the current directory."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if not os.fspath(value):
            self.fail("it is empty; name a directory for the package", param, ctx)
        return super().convert(value, param, ctx)


def side_input_options(command: _Command) -> _Command:
    """Add the files that go with a config."""
    return _with(
        command,
        click.option(
            "--named-expressions",
            multiple=True,
            type=INPUT_FILE,
            help="File of named expressions that rules refer to.",
        ),
        click.option("--rule-modules", multiple=True, type=INPUT_FILE, help="File or directory with further rules."),
    )


def rule_mistakes_option(command: _Command) -> _Command:
    """Add what mistakes in rules are."""
    return _with(
        command,
        click.option(
            "--rule-mistakes",
            type=click.Choice(["error", "warning"]),
            help="Whether a mistake in a rule's expression or channels stops it  [default: error].",
        ),
    )


def package_options(command: _Command) -> _Command:
    """Add what a package is made from and how, as PackageWords has it; what is left out is the project's to say."""
    return _with(
        command,
        click.argument("config", type=INPUT_FILE, required=False),
        click.option(
            "-o",
            "--output",
            type=_Directory(path_type=Path),
            help="Directory of the package; its name is the package's.",
        ),
        side_input_options,
        click.option(
            "--protos",
            type=click.Choice(sorted(MESSAGES)),
            help="Whose message classes .channel_values() returns  [default: sift-runtime].",
        ),
        rule_mistakes_option,
        click.option(
            "--lock",
            is_flag=False,
            flag_value="",
            metavar="[PATH]",
            help="Lock file of the wire layout  [default: sift-codegen.lock beside CONFIG, if there is one].",
        ),
        click.option("--templates", type=INPUT_FILE, help="Folder of templates that override ours or add files."),
    )


def server_options(command: _Command) -> _Command:
    """Add how to reach a server; the key comes from SIFT_API_KEY or a profile, never from the command line."""
    return _with(
        command,
        click.option("--uri", help="Sift's gRPC API; defaults to SIFT_GRPC_URI or a profile."),
        click.option("--profile", help="Profile of sift.toml."),
        click.option(
            "--ca-certificate", type=click.Path(path_type=Path), help="PEM file of the certificates to trust."
        ),
    )


def _with(command: _Command, *decorators: Callable[[Any], Any]) -> _Command:
    """Apply decorators in the order in which help shows what they add."""
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
