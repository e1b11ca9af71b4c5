"""The command as a whole: which subcommands there are, and where each is to be found."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from sift_codegen._diagnostics import ConfigError, SiftCodegenError
from sift_codegen.cli._telling import CONFIG_ERROR, INTERRUPTED, count, show, tell
from sift_codegen.cli._yaml_file import complete_yaml

__all__ = ["main"]

_COMMANDS: Final = {
    "generate": "_generate",
    "check": "_check",
    "diff": "_diff",
    "lint": "_lint",
    "explain": "_explain",
    "import": "_import",
    "pull": "_pull",
    "status": "_status",
    "docs": "_docs",
    "push-rules": "_push_rules",
    "schema": "_schema",
    "init": "_init",
    "completion": "_completion",
}
"""Subcommands in the order in which help lists them, and the module of each, which calls it `command`."""


class _LazyGroup(click.Group):
    """A group that loads a subcommand when it is run, and takes a config for `generate`.

    `sift-codegen CONFIG -o DIR` means `sift-codegen generate CONFIG -o DIR`.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(f"sift_codegen.cli.{module}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        offered = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            return offered
        return [*offered, *complete_yaml(incomplete)] or [CompletionItem(incomplete, type="file")]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own_options = {"--help", "-h", "--version"}
        if args and args[0] not in _COMMANDS and args[0] not in own_options:
            args = ["generate", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            show(error.diagnostics)
            click.echo(f"{count(len(error.diagnostics), 'error')}; nothing was written", err=True)
            sys.exit(CONFIG_ERROR)
        except SiftCodegenError as error:
            tell(error)
            sys.exit(CONFIG_ERROR)
        except KeyboardInterrupt:  # click would say "Aborted!", and end as if something had been found
            tell("interrupted; nothing was written")
            sys.exit(INTERRUPTED)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sift-codegen")
def main() -> None:
    """Turn a Sift telemetry config into a typed Python package.

    `sift-codegen CONFIG -o DIR` is short for `sift-codegen generate CONFIG -o DIR`.
    """
