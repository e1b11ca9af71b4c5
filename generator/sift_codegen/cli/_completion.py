"""`sift-codegen completion`."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

__all__ = ["command"]

_PROGRAM: Final = "sift-codegen"
_VARIABLE: Final = "_SIFT_CODEGEN_COMPLETE"
# click's function puts a space behind a folder, too, as if it were the end.
_BASH_FOLDERS: Final = """
_sift_codegen_with_folders() {
    _sift_codegen_completion "$@"
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace
    fi
    return 0
}

complete -o nosort -F _sift_codegen_with_folders sift-codegen
"""


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes subcommands, options and config files.

    For bash, put `eval "$(sift-codegen completion bash)"` into ~/.bashrc.
    """
    complete = get_completion_class(shell)
    assert complete  # noqa: S101 - these three are click's own
    script = complete(ctx.find_root().command, {}, _PROGRAM, _VARIABLE).source()
    click.echo(script + (_BASH_FOLDERS if shell == "bash" else ""))
