"""What a config, or the project it is in, says to this generator: `x-sift-codegen`, which other readers ignore."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sift_codegen._config import DataType, ExtensionConfig, FlowConfig
from sift_codegen._config_reader import ConfigReader
from sift_codegen._diagnostics import Position
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_nodes import Child

__all__ = ["EXTENSION_KEY", "EXTENSION_KEYS", "NAME_KINDS", "read_extension"]

EXTENSION_KEY: Final = "x-sift-codegen"
EXTENSION_KEYS: Final = ("optional", "names")
NAME_KINDS: Final = ("flows", "channels", "types", "members")


@dataclass(frozen=True, slots=True)
class _Known:
    """The wire names that an extension may speak of: the channels of each flow, and the parts of each channel.

    Dicts serve as sets that keep their order, so that suggestions do not change from run to run.
    """

    flows: dict[str, dict[str, None]]
    channels: dict[str, None]
    members: dict[str, dict[str, None]]


def read_extension(parts: Iterable[Child], reader: ConfigReader, flows: tuple[FlowConfig, ...]) -> ExtensionConfig:
    """Return overrides and optional channels; every name in them must be one of the config's.

    No two parts (the config's and the project's) may say the same: one would outlive the other unseen.
    """
    known = _known(flows)
    extension = ExtensionConfig()
    for part in parts:
        fields = reader.fields(part, f"'{EXTENSION_KEY}'", EXTENSION_KEYS)
        optional = fields.child("optional") if fields else None
        if optional:
            _read_optional(optional, reader, known, extension)
        names = fields.child("names") if fields else None
        if names:
            _read_names(names, reader, known, extension)
    return extension


def _known(flows: tuple[FlowConfig, ...]) -> _Known:
    known = _Known({}, {}, {})
    for flow in flows:
        names = dict.fromkeys(channel.name for channel in flow.channels)
        known.flows[flow.name] = names
        known.channels.update(names)
        for channel in flow.channels:
            if channel.data_type in (DataType.ENUM, DataType.BIT_FIELD):
                members = known.members.setdefault(channel.name, {})
                members.update(dict.fromkeys(label.name for label in channel.enum_types))
                members.update(dict.fromkeys(element.name for element in channel.bit_field_elements))
    return known


def _read_optional(child: Child, reader: ConfigReader, known: _Known, extension: ExtensionConfig) -> None:
    for flow, entry in reader.entries(child, "'optional'").items():
        if not _is_known(reader, entry.key.position, "flow", flow, known.flows):
            continue
        for item in reader.items(entry.value, f"the optional channels of flow {flow!r}"):
            name = reader.text(item, f"an optional channel of flow {flow!r}")
            what = f"channel of flow {flow!r}"
            if name is not None and _is_known(reader, item.position, what, name, known.flows[flow]):
                first = extension.optional_channels.setdefault(flow, {}).setdefault(name, item.position)
                if first.source is not item.position.source:
                    _error_of_both(
                        reader, item.position, f"channel {name!r} of flow {flow!r} is optional already", first
                    )


def _read_names(child: Child, reader: ConfigReader, known: _Known, extension: ExtensionConfig) -> None:
    fields = reader.fields(child, "'names'", NAME_KINDS)
    if fields is None:
        return
    kinds: tuple[tuple[str, str, Collection[str], dict[str, str]], ...] = (
        ("flows", "flow", known.flows, extension.flow_names),
        ("channels", "channel", known.channels, extension.channel_names),
        ("types", "enum or bit-field channel", known.members, extension.type_names),
    )
    for kind, what, wire_names, names in kinds:
        part = fields.child(kind)
        if part:
            names.update(_overrides(part, reader, _Scope((kind,), what, wire_names), extension))
    members = fields.child("members")
    for channel, entry in reader.entries(members, "'members'").items() if members else ():
        if _is_known(reader, entry.key.position, "enum or bit-field channel", channel, known.members):
            scope = _Scope(("members", channel), f"label or element of {channel!r}", known.members[channel])
            names = _overrides(entry.value, reader, scope, extension)
            extension.member_names.setdefault(channel, {}).update(names)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which names a map of overrides may speak of."""

    path: tuple[str, ...]
    what: str
    known: Collection[str]


def _overrides(child: Child, reader: ConfigReader, scope: _Scope, extension: ExtensionConfig) -> dict[str, str]:
    names: dict[str, str] = {}
    for wire_name, entry in reader.entries(child, f"the names of {'/'.join(scope.path)!r}").items():
        name = reader.text(entry.value, f"the Python name of {wire_name!r}")
        if name is None or not _is_known(reader, entry.key.position, scope.what, wire_name, scope.known):
            continue
        if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
            message = f"{name!r} is no Python name: ASCII letters, digits and underscores, no keyword"
            reader.error(entry.value.position, message, code="SC313")
            continue
        names[wire_name] = name
        first = extension.positions.setdefault((*scope.path, wire_name), entry.value.position)
        if first is not entry.value.position:
            _error_of_both(
                reader, entry.value.position, f"{wire_name!r} ({scope.what}) has a Python name already", first
            )
    return names


def _error_of_both(reader: ConfigReader, position: Position, message: str, first: Position) -> None:
    mend = "say it in the config or in the project, not in both"
    reader.error(position, message, f"first at {first}", mend, code="SC313")


def _is_known(reader: ConfigReader, position: Position, what: str, name: str, known: Collection[str]) -> bool:
    if name not in known:
        reader.error(position, f"no {what} is called {name!r}", *did_you_mean(name, known), code="SC312")
    return name in known
