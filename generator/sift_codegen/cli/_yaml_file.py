"""A parameter that is a YAML file, and what shells offer for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

__all__ = ["YamlFile", "complete_yaml"]

_SUFFIXES: Final = (".yaml", ".yml")
_NEEDS_QUOTES: Final = re.compile(r"[^\w./@%+=:,-]")


class YamlFile(click.Path):
    """A path of which shells offer YAML files, and folders on the way to them."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_yaml(incomplete) or [CompletionItem(incomplete, type="file")]


def complete_yaml(incomplete: str) -> list[CompletionItem]:
    """Return the YAML files and folders that begin like this; none where the shell itself does better.

    That is where a name needs quotes, or a path begins with what the shell expands.
    """
    folder, slash, beginning = incomplete.rpartition("/")
    try:
        found = sorted(_entries(Path(folder + slash), beginning))
    except OSError:  # no such folder, or one that may not be looked into
        return []
    if any(map(_NEEDS_QUOTES.search, found)):
        return []
    return [CompletionItem(folder + slash + name) for name in found]


def _entries(folder: Path, beginning: str) -> Iterator[str]:
    for path in folder.iterdir():
        is_hidden = path.name.startswith(".") and not beginning.startswith(".")
        if not path.name.startswith(beginning) or is_hidden:
            continue
        if path.is_dir():
            yield f"{path.name}/"
        elif path.suffix in _SUFFIXES:
            yield path.name
