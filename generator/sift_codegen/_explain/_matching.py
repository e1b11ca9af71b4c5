"""Which flow some values are of: named, given, or the only one that they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sift_codegen._explain._messages import Message
from sift_codegen._explain._sources import KnownFlow
from sift_codegen._explain._wire_forms import EMPTY, FORM_OF
from sift_codegen._suggestion import did_you_mean

__all__ = ["Match", "match_flow"]

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Match:
    """The flow, if there is one; how it was found ("name", "option", "types"); and what there is to say of it."""

    flow: KnownFlow | None = None
    by: str | None = None
    problem: str = ""


def match_flow(message: Message, flows: Sequence[KnownFlow], given: str | None) -> Match:
    """Return the flow of a message; `given` is the name that the user says it has."""
    name = given if given is not None else message.texts.get("flow")
    if name is None:
        return _by_types(message, [known for known in flows if known.flow.channels])
    named = [known for known in flows if known.flow.name == name]
    if not named:
        return Match(problem="; ".join((f"no flow {name!r} is known", *did_you_mean(name, _names(flows)))))
    fitting = [known for known in named if _fits(message, known)]
    if len(named) > 1 and len(fitting) != 1:
        homes = ", ".join(known.home.path for known in named)
        return Match(problem=f"the flow {name!r} is in several configs: {homes}; name one of them")
    return Match((fitting or named)[0], "name" if given is None else "option")


def _by_types(message: Message, flows: Sequence[KnownFlow]) -> Match:
    if not message.values:
        return Match()
    fitting = [known for known in flows if _fits(message, known)]
    if len(fitting) == 1:
        return Match(fitting[0], "types")
    if not fitting:
        return Match(problem="the types are those of no flow; say with --flow which one it should be")
    named = ", ".join(repr(name) for name in _names(fitting)[:_MOST_NAMED])
    more = "" if len(fitting) <= _MOST_NAMED else f" and {len(fitting) - _MOST_NAMED} more"
    return Match(problem=f"the types are those of several flows: {named}{more}; say with --flow which one it is")


def _fits(message: Message, known: KnownFlow) -> bool:
    """Tell whether there is a value of the right type, or Empty, for each channel; of cut bytes for those before."""
    missing = len(known.flow.channels) - len(message.values)
    if missing < 0 or (missing and not message.is_malformed):
        return False
    pairs = zip(message.values, known.flow.channels, strict=False)
    return all(value.kind in (FORM_OF[channel.data_type].name, EMPTY.name) for value, channel in pairs)


def _names(flows: Sequence[KnownFlow]) -> list[str]:
    return [known.flow.name for known in flows]
