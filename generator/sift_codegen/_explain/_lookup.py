"""From a word to what it stands for: a channel, a flow, or bytes in hex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sift_codegen._diagnostics import SiftCodegenError
from sift_codegen._explain._bytes import explain_bytes
from sift_codegen._explain._channel import channels_of, class_of
from sift_codegen._explain._facts import Explanation
from sift_codegen._explain._flow import flow_of
from sift_codegen._explain._hex_input import HexError, bytes_of, looks_like_hex
from sift_codegen._explain._sources import KnownConfig, KnownFlow
from sift_codegen._suggestion import did_you_mean

__all__ = ["Question", "SubjectError", "SubjectKind", "explain"]

SubjectKind: TypeAlias = Literal["channel", "flow", "hex"]


class SubjectError(SiftCodegenError):
    """A word that stands for nothing in the configs, and for no bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A word, what kind of thing it is where that is known, and the flow that bytes are said to be of."""

    subject: str
    kind: SubjectKind | None = None
    flow: str | None = None


def explain(question: Question, configs: Sequence[KnownConfig]) -> Explanation:
    """Return all that a word stands for; what is a name is not taken for hex.

    Names are wire names, and where none is the same, Python names of flows, fields and classes.
    Raises SubjectError with the nearest name, where one is near.
    """
    flows = [KnownFlow(home, flow) for home in configs for flow in home.config.flows]
    if question.kind != "hex":
        named = _named(question, configs, flows)
        if named.channels or named.flows:
            return named
    if question.kind == "hex" or (question.kind is None and looks_like_hex(question.subject)):
        return Explanation(messages=tuple(explain_bytes(_data(question), flows, _known_flow(question.flow, flows))))
    raise SubjectError(_nothing(question, flows))


def _named(question: Question, configs: Sequence[KnownConfig], flows: Sequence[KnownFlow]) -> Explanation:
    subject = question.subject
    channel_names = {subject: None} if subject in _channel_names(flows) else _channels_called(subject, flows)
    channels = (facts for home in configs for name in channel_names for facts in channels_of(home, name))
    same = [known for known in flows if known.flow.name == subject]
    called = same or [known for known in flows if known.home.symbols.flow_class(known.flow) == subject]
    return Explanation(
        channels=tuple(channels) if question.kind != "flow" else (),
        flows=tuple(flow_of(known) for known in called) if question.kind != "channel" else (),
    )


def _channel_names(flows: Sequence[KnownFlow]) -> dict[str, None]:
    return {channel.name: None for known in flows for channel in known.flow.channels}


def _channels_called(symbol: str, flows: Sequence[KnownFlow]) -> dict[str, None]:
    """Return the channels whose field has this name, or whose class: `mainmotor_velocity`, `VehicleState`."""
    return {
        channel.name: None
        for known in flows
        for channel in known.flow.channels
        if symbol in (known.home.symbols.field(channel), class_of(known.home, channel))
    }


def _data(question: Question) -> bytes:
    try:
        return bytes_of(question.subject)
    except HexError as error:
        raise SubjectError(f"these are no bytes in hex: {error}") from error


def _known_flow(name: str | None, flows: Sequence[KnownFlow]) -> str | None:
    names = [known.flow.name for known in flows]
    if name is None or name in names:
        return name
    raise SubjectError("; ".join((f"no flow {name!r}", *did_you_mean(name, names))))


def _nothing(question: Question, flows: Sequence[KnownFlow]) -> str:
    kinds = {"channel": "no channel", "flow": "no flow", None: "no channel and no flow"}
    subject = question.subject if len(question.subject) <= 100 else question.subject[:97] + "..."
    return "; ".join((f"{kinds[question.kind]} {subject!r}", *did_you_mean(question.subject, _names(question, flows))))


def _names(question: Question, flows: Sequence[KnownFlow]) -> Iterator[str]:
    if question.kind != "flow":
        yield from _channel_names(flows)
    if question.kind != "channel":
        yield from (known.flow.name for known in flows)
