"""`sift-codegen docs`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from sift_codegen._check_rules import check_rules
from sift_codegen._collector import paused_collector
from sift_codegen._diagnostics import Severity
from sift_codegen._dictionary import PageFormat, build_dictionary, render_dictionary, write_page
from sift_codegen._generate import GenerateRequest
from sift_codegen._read_config import read_telemetry_config
from sift_codegen.cli._options import INPUT_FILE, side_input_options
from sift_codegen.cli._targets import PackageWords, requests_of
from sift_codegen.cli._telling import count, show

__all__ = ["command"]

_FORMATS: Final = {
    ".html": PageFormat.HTML,
    ".htm": PageFormat.HTML,
    ".md": PageFormat.MARKDOWN,
    ".markdown": PageFormat.MARKDOWN,
}
_NAMED: Final = {"html": PageFormat.HTML, "markdown": PageFormat.MARKDOWN}


@click.command("docs")
@click.argument("config", type=INPUT_FILE, required=False)
@click.option(
    "-o",
    "--output",
    type=INPUT_FILE,
    required=True,
    help="The page, FILE.html or FILE.md; any other name is a directory for a page of each config.",
)
@click.option("--format", "format_name", type=click.Choice(sorted(_NAMED)), default="html", help="For a directory.")
@side_input_options
def command(
    config: Path | None,
    output: Path,
    format_name: str,
    named_expressions: tuple[Path, ...],
    rule_modules: tuple[Path, ...],
) -> None:
    """Write the channel dictionary of CONFIG, or of each config of the project, as a page that needs nothing beside it.

    Mistakes in rules are told and stop nothing. Exit code 2 if a config has errors, or the page cannot be written.
    """
    words = PackageWords(
        config=config,
        output_of_unlisted=Path(config.stem) if config else None,  # after which its page is called
        named_expressions=named_expressions,
        rule_modules=rule_modules,
    )
    with paused_collector():
        _write_all(requests_of(words), output, format_name)


def _write_all(requests: tuple[GenerateRequest, ...], output: Path, format_name: str) -> None:
    page_format = _FORMATS.get(output.suffix.lower())
    if page_format is None or output.is_dir():
        for request in requests:
            page_format = _NAMED[format_name]
            _write(request, output / f"{request.output.name}{page_format.value}", page_format)
        return
    request, *others = requests
    if others:
        raise click.UsageError(f"{output} is one page, and the project has {len(requests)} configs; name a directory")
    _write(request, output, page_format)


def _write(request: GenerateRequest, path: Path, page_format: PageFormat) -> None:
    config = read_telemetry_config(request.config, request.side_inputs)
    show((*config.warnings, *(replace(each, severity=Severity.WARNING) for each in check_rules(config))))
    dictionary = build_dictionary(config)
    page = render_dictionary(dictionary, page_format)
    outcome = f"{len(page):,} bytes" if write_page(path, page) else "unchanged"
    counts = (
        count(len(entries), noun)
        for entries, noun in ((dictionary.channels, "channel"), (dictionary.flows, "flow"), (dictionary.rules, "rule"))
    )
    click.echo(f"{path}: {', '.join(counts)}; {outcome}")
