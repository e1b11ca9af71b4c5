"""Random valid configs, written with anchors, aliases and merge keys, of all types, with names of all of Unicode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from sift_codegen._config_text._scalars import scalar
from tests.generator.strategies import SCALAR_VALUES

__all__ = ["AnyConfig", "AnyFlow", "any_configs"]

_NAMES: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
_TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_FACTS: Final = ("unit", "description")


@dataclass(frozen=True, slots=True)
class AnyFlow:
    """What a flow has to be, whatever was merged on the way: name and type of each channel, and what may be None."""

    name: str
    channels: tuple[tuple[str, str], ...]
    optional: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyConfig:
    """A config as text, and what has to come of it; `types` holds the Python types of enums and bit fields."""

    text: str
    flows: tuple[AnyFlow, ...]
    types: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Channel:
    name: str
    data_type: str
    written: str
    """The channel as a flow has it: an alias, or a mapping that merges one."""


@st.composite
def any_configs(draw: st.DrawFn) -> AnyConfig:
    """Draw a config that is valid but for Python names that may collide."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=6, unique=True))
    defined = [(name, draw(st.sampled_from([*SCALAR_VALUES, "enum", "bit_field"]))) for name in names]
    definitions = [draw(_definitions(name, kind)) for name, kind in defined]
    channels = [_Channel(name, kind, f"*a{number}") for number, (name, kind) in enumerate(defined)]
    for name in draw(st.lists(_NAMES.filter(lambda name: name not in names), max_size=3, unique=True)):
        channels.append(draw(_merges(name, defined)))
    flows, lines = [], ["flows:"]
    for name in draw(st.lists(_NAMES, min_size=1, max_size=3, unique=True)):
        used = draw(st.lists(st.sampled_from(channels), min_size=1, max_size=8, unique=True))
        optional = draw(st.lists(st.sampled_from([each.name for each in used]), unique=True))
        flows.append(AnyFlow(name, tuple((each.name, each.data_type) for each in used), tuple(optional)))
        lines += [f"- name: {scalar(name)}", "  channels:", *(f"  - {each.written}" for each in used)]
    used_names = dict.fromkeys(pair for flow in flows for pair in flow.channels)
    types = {name: f"Type{number}" for number, (name, kind) in enumerate(used_names) if kind in ("enum", "bit_field")}
    renamed = draw(st.lists(st.sampled_from([name for name, _ in used_names]), unique=True))
    text = [
        "asset_name: " + scalar(draw(_NAMES)),
        "channels:",
        *(f"  c{number}: &a{number} {definition}" for number, definition in enumerate(definitions)),
        *lines,
        *_rules(draw(st.lists(st.sampled_from(channels), max_size=2, unique=True)), draw(_TEXTS)),
        *_extension(flows, types, renamed),
    ]
    return AnyConfig("\n".join(text) + "\n", tuple(flows), types)


@st.composite
def _definitions(draw: st.DrawFn, name: str, kind: str) -> str:
    facts = [f"name: {scalar(name)}", f"data_type: {kind}"]
    facts += [f"{key}: {scalar(draw(_TEXTS))}" for key in draw(st.lists(st.sampled_from(_FACTS), unique=True))]
    labels = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    if kind == "enum":
        first = draw(st.sampled_from([0, 1, 127, 2**31, 2**32 - 5]))
        parts = [f"{{name: {scalar(label)}, key: {key}}}" for key, label in enumerate(labels, first)]
        facts.append(f"enum_types: [{', '.join(parts)}]")
    if kind == "bit_field":
        width = draw(st.integers(1, 70))
        parts = [
            f"{{name: {scalar(label)}, index: {index * width}, bit_count: {width}}}"
            for index, label in enumerate(labels)
        ]
        facts.append(f"bit_field_elements: [{', '.join(parts)}]")
    return f"{{{', '.join(facts)}}}"


@st.composite
def _merges(draw: st.DrawFn, name: str, defined: list[tuple[str, str]]) -> _Channel:
    """Draw a channel that is another one but for its name; of two that are merged, the first one counts."""
    first = draw(st.integers(0, len(defined) - 1))
    kind = defined[first][1]
    alike = [number for number, each in enumerate(defined) if each[1] == kind]
    merged = draw(st.sampled_from([f"*a{first}", f"[*a{first}]", f"[*a{first}, *a{alike[-1]}]"]))
    more = draw(st.sampled_from(["", f", unit: {scalar(draw(_TEXTS))}"]))
    return _Channel(name, kind, f"{{<<: {merged}, name: {scalar(name)}{more}}}")


def _rules(channels: list[_Channel], text: str) -> Iterator[str]:
    if channels:
        yield "rules:"
    for number, channel in enumerate(channels):
        yield f"- {{name: rule {number}, type: review, description: {scalar(text)}, expression: $1 == $1,"
        yield f"   channel_references: [$1: {channel.written}]}}"


def _extension(flows: list[AnyFlow], types: dict[str, str], renamed: list[str]) -> Iterator[str]:
    yield "x-sift-codegen:"
    yield "  optional:"
    for flow in flows:
        yield f"    {scalar(flow.name)}: [{', '.join(map(scalar, flow.optional))}]"
    yield "  names:"
    yield "    types:" if types else "    types: {}"
    yield from (f"      {scalar(name)}: {type_name}" for name, type_name in types.items())
    yield "    channels:" if renamed else "    channels: {}"
    yield from (f"      {scalar(name)}: renamed_{number}" for number, name in enumerate(renamed))
