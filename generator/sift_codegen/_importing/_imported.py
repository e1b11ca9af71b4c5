"""What an importer hands over: the config as text, where each channel came from, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sift_codegen._config import ChannelConfig, DataType, EnumTypeConfig, FlowConfig
from sift_codegen._config_text import ConfigParts, config_text
from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SiftCodegenError, SourceFile
from sift_codegen._lint import name_findings
from sift_codegen._read_config import read_without_rules
from sift_codegen._symbols import assign_symbols

__all__ = ["Imported", "ImportedChannel", "ImportedFlow", "ImportingError", "Source", "finish"]

_NOWHERE: Final = Position(SourceFile("the imported file", "", ""), 1, 1)


class ImportingError(SiftCodegenError):
    """A file that no config can be made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedChannel:
    """A channel as an importer sees it; `origin` says where in the file it stands."""

    name: str
    data_type: DataType
    unit: str = ""
    description: str = ""
    labels: tuple[tuple[str, int], ...] = ()
    origin: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class ImportedFlow:
    """A flow as an importer sees it, its channels in wire order."""

    name: str
    channels: tuple[ImportedChannel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file, the asset that it becomes, and what the reader of the config is to know of it (`comments`)."""

    path: Path
    asset: str
    output: Path | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """A config as text, what to tell of it, and what is wrong with it: errors that generation would stop at.

    `findings` are what `sift-codegen lint` would say of the names, which are the file's own.
    """

    text: str
    flows: tuple[ImportedFlow, ...]
    notes: tuple[str, ...] = field(default=())
    mistakes: tuple[Diagnostic, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def finish(source: Source, flows: tuple[ImportedFlow, ...], notes: tuple[str, ...]) -> Imported:
    """Return the config of some flows, read once as `generate` will read it."""
    text = config_text(
        ConfigParts(
            comments=tuple(_comments(source)),
            asset_name=source.asset,
            flows=tuple(map(_flow_config, flows)),
            optional_channels={
                flow.name: tuple(channel.name for channel in flow.channels if channel.is_optional) for flow in flows
            },
        )
    )
    path = str(source.output or "imported.yaml")
    try:
        config = read_without_rules(SourceFile(Path(path).name, text, "", path))
    except ConfigError as error:
        return Imported(text, flows, notes, error.diagnostics)
    return Imported(text, flows, notes, tuple(assign_symbols(config)[1]), tuple(name_findings(config)))


def _comments(source: Source) -> Iterator[str]:
    yield f"Imported from {source.path.name} by sift-codegen import; the file is yours to change."
    yield from source.comments


def _flow_config(flow: ImportedFlow) -> FlowConfig:
    return FlowConfig(name=flow.name, channels=tuple(map(_channel_config, flow.channels)), position=_NOWHERE)


def _channel_config(channel: ImportedChannel) -> ChannelConfig:
    return ChannelConfig(
        name=channel.name,
        data_type=channel.data_type,
        unit=channel.unit,
        description=channel.description,
        enum_types=tuple(EnumTypeConfig(name=name, key=key, position=_NOWHERE) for name, key in channel.labels),
        position=_NOWHERE,
        name_position=_NOWHERE,
        definition=_NOWHERE,
        key_positions={},
    )
