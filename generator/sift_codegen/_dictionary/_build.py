"""From a checked config to its dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._client_key import client_key
from sift_codegen._config import ChannelConfig, TelemetryConfig
from sift_codegen._diagnostics import ConfigError
from sift_codegen._dictionary._anchors import anchor
from sift_codegen._dictionary._build_channel import build_channel
from sift_codegen._dictionary._build_rule import build_rule
from sift_codegen._dictionary._index import Index
from sift_codegen._dictionary._model import ChannelEntry, Dictionary, FlowEntry
from sift_codegen._dictionary._places import place_of
from sift_codegen._symbols import Symbols, assign_symbols

__all__ = ["build_dictionary"]


def build_dictionary(config: TelemetryConfig) -> Dictionary:
    """Return the dictionary of a config; raises ConfigError where two names would collide in Python."""
    symbols, errors = assign_symbols(config)
    if errors:
        raise ConfigError(tuple(errors))
    index = Index.of(config, symbols)
    entries = {channel: build_channel(channel, index, symbols) for channel in index.anchors}
    return Dictionary(
        asset_name=config.asset_name,
        client_key=config.client_key or client_key(config.asset_name, config.flows),
        organization_id=config.organization_id,
        channels=tuple(sorted(entries.values(), key=lambda entry: (entry.name.casefold(), entry.anchor))),
        flows=tuple(_flows(config, index, entries, symbols)),
        rules=tuple(build_rule(rule, index) for rule in config.rules),
        sources=tuple((source.name, source.sha256) for source in config.sources),
    )


def _flows(
    config: TelemetryConfig, index: Index, entries: dict[ChannelConfig, ChannelEntry], symbols: Symbols
) -> Iterator[FlowEntry]:
    """Yield the flows; a channel's uses come in the order of the flows, so each flow takes the next one."""
    uses = {channel: iter(found) for channel, found in index.uses.items()}
    for flow in config.flows:
        yield FlowEntry(
            anchor=anchor("flow", flow.name),
            name=flow.name,
            class_name=symbols.flow_class(flow),
            rows=tuple((next(uses[channel]), entries[channel]) for channel in flow.channels),
            place=place_of(flow.position),
        )
