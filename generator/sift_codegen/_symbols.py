"""The Python name of everything in a config that gets one, and the errors where two would get the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sift_codegen import _python_names as python_names
from sift_codegen._collisions import Named, collisions
from sift_codegen._config import (
    BitFieldElementConfig,
    ChannelConfig,
    DataType,
    EnumTypeConfig,
    ExtensionConfig,
    FlowConfig,
    TelemetryConfig,
)
from sift_codegen._diagnostics import Diagnostic

__all__ = ["Symbols", "assign_symbols", "typed_channels"]


@dataclass(frozen=True, slots=True)
class Symbols:
    """Names by wire name; overrides of the config's `x-sift-codegen` come first."""

    config: TelemetryConfig

    def flow_class(self, flow: FlowConfig) -> str:
        """Return the class name of a flow: `readings` -> `ReadingsFlow`."""
        return self.config.extension.flow_names.get(flow.name) or python_names.class_name(flow.name, "Flow")

    def flow_module(self, flow: FlowConfig) -> str:
        """Return the name of the module that holds a flow's class."""
        return python_names.module_name(self.flow_class(flow))

    def columns_class(self, flow: FlowConfig) -> str:
        """Return the class name of a flow's columns: `readings` -> `ReadingsColumns`."""
        name = self.flow_class(flow)
        return f"{name.removesuffix('Flow') or name}Columns"

    def element_columns_class(self, channel: ChannelConfig) -> str:
        """Return the class name of a bit field's columns: `gpio` -> `GpioElementColumns`."""
        return f"{self.type_class(channel)}ElementColumns"

    def field(self, channel: ChannelConfig) -> str:
        """Return the name of a channel's field in its flows."""
        override = self.config.extension.channel_names.get(channel.name)
        return override or python_names.identifier(channel.name, python_names.FIELD_RESERVED)

    def type_class(self, channel: ChannelConfig) -> str:
        """Return the class name of an enum or bit-field channel."""
        return self.config.extension.type_names.get(channel.name) or python_names.class_name(channel.name)

    def member(self, channel: ChannelConfig, label: str) -> str:
        """Return the name of an enum's member or of a bit field's element."""
        is_enum = channel.data_type is DataType.ENUM
        reserved = python_names.MEMBER_RESERVED if is_enum else python_names.ELEMENT_RESERVED
        override = self.config.extension.member_names.get(channel.name, {}).get(label)
        return override or python_names.identifier(label, reserved)


def typed_channels(config: TelemetryConfig) -> dict[tuple[str, DataType], ChannelConfig]:
    """Return the channels that have a class of their own, each as its first flow has it.

    A channel is known by name and type: Sift allows one name with several types.
    """
    channels: dict[tuple[str, DataType], ChannelConfig] = {}
    for flow in config.flows:
        for channel in flow.channels:
            if channel.data_type in (DataType.ENUM, DataType.BIT_FIELD):
                channels.setdefault((channel.name, channel.data_type), channel)
    return channels


def assign_symbols(config: TelemetryConfig) -> tuple[Symbols, list[Diagnostic]]:
    """Return the names, and an error for each two things that cannot share the one they got."""
    symbols = Symbols(config)
    errors = list(_unusable_overrides(config.extension))
    errors += collisions((*_exports(symbols), *_column_exports(symbols)), "the package")
    errors += collisions(_modules(symbols), "the modules of flows/")
    for flow in config.flows:
        errors += collisions(_fields(symbols, flow), f"flow {flow.name!r}")
    for channel in typed_channels(config).values():
        errors += collisions(_members(symbols, channel), f"channel {channel.name!r}")
    return symbols, errors + list(_ambiguous_types(config))


def _exports(symbols: Symbols) -> Iterator[Named]:
    for flow in symbols.config.flows:
        yield Named(
            what="flow",
            wire_name=flow.name,
            python_name=(name := symbols.flow_class(flow)),
            position=flow.position,
            override=("flows", flow.name),
            suggestion=f"{name}2",
        )
    for channel in typed_channels(symbols.config).values():
        yield Named(
            what=f"{channel.data_type.value} channel",
            wire_name=channel.name,
            python_name=(name := symbols.type_class(channel)),
            position=channel.position,
            override=("types", channel.name),
            suggestion=f"{name}2",
        )


def _column_exports(symbols: Symbols) -> Iterator[Named]:
    classes: set[str] = set()
    for flow in symbols.config.flows:
        name = symbols.flow_class(flow)
        if name not in classes:  # one class name for two flows is an error of its own, and here for two channels
            yield Named(
                what="columns of flow",
                wire_name=flow.name,
                python_name=symbols.columns_class(flow),
                position=flow.position,
                override=("flows", flow.name),
                suggestion=f"{name.removesuffix('Flow')}2Flow",
            )
        classes.add(name)
    for channel in typed_channels(symbols.config).values():
        name = symbols.type_class(channel)
        if channel.data_type is DataType.BIT_FIELD and name not in classes:
            yield Named(
                what="columns of bit_field channel",
                wire_name=channel.name,
                python_name=symbols.element_columns_class(channel),
                position=channel.position,
                override=("types", channel.name),
                suggestion=f"{name}2",
            )
        classes.add(name)


def _modules(symbols: Symbols) -> Iterator[Named]:
    classes: set[str] = set()
    for flow in symbols.config.flows:
        name = symbols.flow_class(flow)
        if name not in classes:  # one class name for two flows is an error of its own
            yield Named(
                what="flow",
                wire_name=flow.name,
                python_name=symbols.flow_module(flow),
                position=flow.position,
                override=("flows", flow.name),
                suggestion=f"{name.removesuffix('Flow')}2Flow",
            )
        classes.add(name)


def _fields(symbols: Symbols, flow: FlowConfig) -> Iterator[Named]:
    for channel in flow.channels:
        yield Named(
            what="channel",
            wire_name=channel.name,
            python_name=(name := symbols.field(channel)),
            position=channel.position,
            override=("channels", channel.name),
            suggestion=f"{name}_2",
        )


def _members(symbols: Symbols, channel: ChannelConfig) -> Iterator[Named]:
    what = "label" if channel.data_type is DataType.ENUM else "element"
    parts: tuple[EnumTypeConfig | BitFieldElementConfig, ...] = (*channel.enum_types, *channel.bit_field_elements)
    for part in parts:
        yield Named(
            what=what,
            wire_name=part.name,
            python_name=(name := symbols.member(channel, part.name)),
            position=part.position,
            override=("members", channel.name, part.name),
            suggestion=f"{name}_2",
        )


def _ambiguous_types(config: TelemetryConfig) -> Iterator[Diagnostic]:
    """One class serves a channel in every flow, so that its labels and layout must be the same in all of them."""
    first = typed_channels(config)
    for flow in config.flows:
        for channel in flow.channels:
            known = first.get((channel.name, channel.data_type), channel)
            if _shape(known) != _shape(channel):
                what = "enum_types" if channel.data_type is DataType.ENUM else "bit_field_elements"
                message = f"channel {channel.name!r} has other {what} here than in an earlier flow"
                notes = (f"there: {known.position}", "give both the same, or one of the channels another name")
                yield Diagnostic(channel.position, message, notes, code="SC302", also=(known.position,))


def _shape(channel: ChannelConfig) -> object:
    return channel.enum_types, channel.bit_field_elements


def _unusable_overrides(extension: ExtensionConfig) -> Iterator[Diagnostic]:
    """An override must be a name that could have been made from a wire name: public, and no builtin or method."""
    members = [
        (("members", channel, label), name)
        for channel, names in extension.member_names.items()
        for label, name in names.items()
    ]
    reserved_by_kind = (
        (python_names.TYPE_RESERVED, [(("flows", key), name) for key, name in extension.flow_names.items()]),
        (python_names.TYPE_RESERVED, [(("types", key), name) for key, name in extension.type_names.items()]),
        (python_names.FIELD_RESERVED, [(("channels", key), name) for key, name in extension.channel_names.items()]),
        (python_names.MEMBER_RESERVED | python_names.ELEMENT_RESERVED, members),
    )
    for reserved, overrides in reserved_by_kind:
        for key, name in overrides:
            usable = python_names.identifier(name, reserved)
            if usable != name:
                message = f"{name!r} cannot be a name here: it is private, or taken by Python or by the generated code"
                yield Diagnostic(extension.positions[key], message, (f"{usable!r} would do",), code="SC313")
