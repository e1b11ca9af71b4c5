"""`sift-codegen explain`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, Literal

import click

from sift_codegen._explain import (
    ConfigSource,
    Question,
    SubjectKind,
    explain,
    read_configs,
    render_json,
    render_text,
)
from sift_codegen._read_config import SideInputs
from sift_codegen.cli._config_inputs import config_inputs
from sift_codegen.cli._options import side_input_options
from sift_codegen.cli._telling import CONFIG_ERROR, FINDINGS, count, show

__all__ = ["command"]

_MOST_READ: Final = 64 * 1024 * 1024 + 1  # one more than is taken, so that more is noticed


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="[CONFIG]... CHANNEL|FLOW|HEX")
@side_input_options
@click.option("--flow", help="Flow that the bytes are of, where they do not name it.")
@click.option(
    "--as", "kind", type=click.Choice(["channel", "flow", "hex"]), help="What the word is, if it could be more."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
def command(  # noqa: PLR0913, PLR0917 - click passes one argument per option
    words: tuple[str, ...],
    named_expressions: tuple[Path, ...],
    rule_modules: tuple[Path, ...],
    flow: str | None,
    kind: SubjectKind | None,
    form: Literal["text", "json"],
) -> None:
    """Say what a channel, a flow or bytes on the wire are: the last word; those before it are configs.

    Without a CONFIG, the project's configs (pyproject.toml, [tool.sift-codegen]) are looked into. HEX is what encode()
    gives, a whole request or gRPC frames; - reads it from standard input.

    Exit code 1 if bytes are malformed or not of the flow, 2 for an unknown name or a config with errors, which is
    explained as far as it can be read.
    """
    *paths, subject = words
    if not paths and Path(subject).suffix in (".yaml", ".yml"):
        raise click.UsageError(f"after the config {subject}, name a channel, a flow or bytes in hex")
    configs, errors = read_configs(
        _sources([Path(path) for path in paths], SideInputs(named_expressions, rule_modules))
    )
    show(errors)
    if errors:
        click.echo(f"{count(len(errors), 'error')}; explained as far as it could be read", err=True)
    from_pipe = subject == "-"
    question = Question(
        subject=_standard_input() if from_pipe else subject, kind="hex" if from_pipe else kind, flow=flow
    )
    explanation = explain(question, configs)
    click.echo(render_json(explanation) if form == "json" else render_text(explanation))
    if errors:
        sys.exit(CONFIG_ERROR)
    if explanation.has_problems:
        sys.exit(FINDINGS)


def _sources(paths: list[Path], side_inputs: SideInputs) -> tuple[ConfigSource, ...]:
    named: list[Path | None] = [*paths]
    inputs = [found for path in named or [None] for found in config_inputs(path, side_inputs)]
    return tuple(ConfigSource(found.path, found.side_inputs) for found in inputs)


def _standard_input() -> str:
    return sys.stdin.buffer.read(_MOST_READ).decode("latin-1")  # what is no hex digit is told, whatever it is
