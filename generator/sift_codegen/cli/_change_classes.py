"""The option that says which classes of change make a command fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from sift_codegen._compare import ChangeClass
from sift_codegen._suggestion import did_you_mean

__all__ = ["fail_on_option"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Classes(click.ParamType[tuple[ChangeClass, ...]]):
    """A list of classes of change, with commas."""

    name = "classes"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[ChangeClass, ...]:
        words = [word.strip().lower() for word in str(value).split(",")]
        if words == ["never"]:
            return ()
        known = [kind.value for kind in ChangeClass]
        for word in words:
            if word not in known:
                hint = "".join(f"; {note}" for note in did_you_mean(word, known))
                self.fail(f"no class {word!r}: name {', '.join(known)}, with commas, or never{hint}", param, ctx)
        return tuple(map(ChangeClass, words))


def fail_on_option(command: _Command) -> _Command:
    """Add --fail-on, which gives a tuple of classes as `fail_on`."""
    decorate = click.option(
        "--fail-on",
        type=_Classes(),
        default="wire",
        show_default=True,
        metavar="CLASSES",
        help="Classes that make the exit code 1: wire, source, doc, added, with commas; or never.",
    )
    return decorate(command)
