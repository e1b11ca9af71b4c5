"""Rules about the names of channels and flows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._lint._channels import defined_channels, used_notes
from sift_codegen._lint._finding import found

__all__ = ["check_names"]

_LONGEST: Final = 255
_REFUSED: Final = re.compile(r'["\\`~|]')  # by Sift's documentation of channels, with all that is not ASCII
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")
_PUNCTUATION: Final = re.compile(r"[\W_]+")


def check_names(config: TelemetryConfig) -> Iterator[Diagnostic]:
    """Yield SC303 and SC304."""
    for channel in defined_channels(config):
        mistake = _mistake(channel.name)
        if mistake:
            notes, also = used_notes(channel, channel.name_position)
            message = f"the channel name {channel.name!r} {mistake}"
            yield found("SC303", channel.name_position, message, *notes, also=also)
    yield from _alike("channels", ((channel.name, channel.name_position) for channel in defined_channels(config)))
    yield from _alike("flows", ((flow.name, flow.position) for flow in config.flows))


def _mistake(name: str) -> str:
    """Say why Sift refuses a name, or nothing."""
    if not name:
        return "is empty"
    if len(name) > _LONGEST:
        return f"has {len(name)} characters; Sift takes {_LONGEST}"
    if not name.isascii():
        return f"has {next(character for character in name if not character.isascii())!r} in it; Sift takes ASCII only"
    if refused := _REFUSED.search(name) or _UNPRINTABLE.search(name):
        return f"has {refused[0]!r} in it, which Sift refuses"
    return "begins or ends with a blank" if name != name.strip() else ""


def _alike(what: str, names: Iterable[tuple[str, Position]]) -> Iterator[Diagnostic]:
    """Yield a finding for each name that an earlier one differs from by case or punctuation only."""
    taken: dict[str, dict[str, Position]] = {}
    for name, place in names:
        alike = taken.setdefault(_PUNCTUATION.sub("_", name.casefold()) or name, {})
        if alike and name not in alike:
            other, first = next(iter(alike.items()))
            message = f"{what} {other!r} and {name!r} differ by case or punctuation only"
            yield found("SC304", place, message, f"first at {first}", also=(first,))
        alike.setdefault(name, place)
