"""All that changes between two lists of flows, or between two configs."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._compare._change import Change, ChangeClass, Side
from sift_codegen._compare._pairs import shared_channels, shared_flows
from sift_codegen._compare._source import source_changes
from sift_codegen._compare._wire import wire_changes
from sift_codegen._config import ChannelConfig, FlowConfig, TelemetryConfig

__all__ = ["compare_configs", "compare_flows"]


def compare_flows(before: tuple[FlowConfig, ...], after: tuple[FlowConfig, ...]) -> tuple[Change, ...]:
    """Return what changes on the wire and in what people read; of Python names, flows alone know nothing."""
    return (*wire_changes(before, after), *_doc_changes(before, after))


def compare_configs(before: TelemetryConfig, after: TelemetryConfig) -> tuple[Change, ...]:
    """Return all that changes in the flows: on the wire, in the package's Python names, in what people read."""
    return (
        *wire_changes(before.flows, after.flows),
        *source_changes(before, after),
        *_doc_changes(before.flows, after.flows),
    )


def _doc_changes(before: tuple[FlowConfig, ...], after: tuple[FlowConfig, ...]) -> Iterator[Change]:
    for old, new in shared_flows(before, after):
        for one, other in shared_channels(old, new):
            texts = (("unit", one.unit, other.unit), ("description", one.description, other.description))
            for what, text, its in texts:
                if text != its:
                    sides = _side(one, what, text), _side(other, what, its)
                    yield Change(ChangeClass.DOC, old.name, one.name, what, *sides)


def _side(channel: ChannelConfig, key: str, text: str) -> Side | None:
    return Side(repr(text), channel.key_positions.get(key, channel.position)) if text else None
