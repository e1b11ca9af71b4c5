"""What there is to say of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sift_codegen._config import ChannelConfig, DataType, FlowConfig
from sift_codegen._explain._facts import (
    ChannelFacts,
    LabelFacts,
    MergeFacts,
    PartFacts,
    RuleFacts,
    UseFacts,
    WireFacts,
)
from sift_codegen._explain._sources import KnownConfig, Place
from sift_codegen._explain._wire_forms import FORM_OF, entry_sizes

__all__ = ["annotation_of", "channels_of", "class_of", "wire_of"]

_SCALARS: Final = {
    DataType.DOUBLE: "float",
    DataType.FLOAT: "float",
    DataType.BOOL: "bool",
    DataType.STRING: "str",
    DataType.BYTES: "bytes",
}


@dataclass(frozen=True, slots=True)
class _Use:
    flow: FlowConfig
    index: int
    channel: ChannelConfig


def channels_of(home: KnownConfig, name: str) -> Iterator[ChannelFacts]:
    """Yield the channels of this name, each with the flows that have it so."""
    groups: list[list[_Use]] = []
    for flow in home.config.flows:
        for index, channel in enumerate(flow.channels):
            if channel.name == name:
                same = next((group for group in groups if group[0].channel == channel), None)
                if same is None:
                    groups.append(same := [])
                same.append(_Use(flow, index, channel))
    return (_channel(home, group) for group in groups)


def wire_of(channel: ChannelConfig, *, optional: bool) -> WireFacts:
    """Return how a channel stands on the wire."""
    form, sizes = FORM_OF[channel.data_type], entry_sizes(channel, optional=optional)
    length = f"{sizes.least - 2:02x}" if sizes.least == sizes.most and sizes.least < 130 else ".."
    return WireFacts(
        field=form.name,
        field_number=form.number,
        tag=f"0x{form.tag:02x}",
        entry=f"22 {length} {form.tag:02x}",
        least_bytes=sizes.least,
        most_bytes=sizes.most,
    )


def annotation_of(home: KnownConfig, channel: ChannelConfig, *, optional: bool) -> str:
    """Return the Python type of a channel's field."""
    annotation = class_of(home, channel) or _SCALARS.get(channel.data_type, "int")
    return f"{annotation} | None" if optional else annotation


def class_of(home: KnownConfig, channel: ChannelConfig) -> str | None:
    """Return the class that a channel of this type has of its own, None where it has none."""
    is_typed = channel.data_type in (DataType.ENUM, DataType.BIT_FIELD)
    return home.symbols.type_class(channel) if is_typed else None


def _channel(home: KnownConfig, uses: list[_Use]) -> ChannelFacts:
    channel = uses[0].channel
    return ChannelFacts(
        config=home.path,
        name=channel.name,
        data_type=channel.data_type.value,
        unit=channel.unit,
        description=channel.description,
        python_class=class_of(home, channel),
        wire=wire_of(channel, optional=False),
        labels=tuple(
            LabelFacts(label=each.name, key=each.key, symbol=home.symbols.member(channel, each.name))
            for each in channel.enum_types
        ),
        elements=tuple(
            PartFacts(
                element=each.name,
                index=each.index,
                bit_count=each.bit_count,
                symbol=home.symbols.member(channel, each.name),
            )
            for each in channel.bit_field_elements
        ),
        uses=tuple(_use(home, use) for use in uses),
        rules=tuple(_rules(home, channel.name)),
    )


def _use(home: KnownConfig, use: _Use) -> UseFacts:
    optional = home.is_optional(use.flow, use.channel)
    defined = Place.at(use.channel.definition)
    return UseFacts(
        flow=use.flow.name,
        index=use.index,
        channels=len(use.flow.channels),
        symbol=f"{home.symbols.flow_class(use.flow)}.{home.symbols.field(use.channel)}",
        annotation=annotation_of(home, use.channel, optional=optional),
        optional=optional,
        listed=str(use.channel.position),
        defined=str(defined.position),
        anchor=defined.anchor,
        merged=tuple(
            MergeFacts(keys=keys, anchor=place.anchor, position=str(place.position))
            for place, keys in home.merged_keys(use.channel)
        ),
    )


def _rules(home: KnownConfig, name: str) -> Iterator[RuleFacts]:
    for rule in home.config.rules:
        references = [reference for reference, channel in rule.channel_references if channel == name]
        references += ["" for channel in rule.contextual_channels if channel == name]
        for reference in references:
            yield RuleFacts(rule=rule.name, reference=reference, position=str(rule.position))
