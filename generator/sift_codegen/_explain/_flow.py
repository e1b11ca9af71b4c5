"""What there is to say of a flow."""

from __future__ import annotations

from sift_codegen._config import ChannelConfig
from sift_codegen._explain._channel import annotation_of, wire_of
from sift_codegen._explain._facts import FlowFacts, FlowRow
from sift_codegen._explain._sources import KnownFlow

__all__ = ["flow_of"]


def flow_of(known: KnownFlow) -> FlowFacts:
    """Return a flow's table of channels, and how many bytes one reading of it takes."""
    flow, symbols = known.flow, known.home.symbols
    rows = tuple(_row(known, index, channel) for index, channel in enumerate(flow.channels))
    most = [row.wire.most_bytes for row in rows]
    return FlowFacts(
        config=known.home.path,
        name=flow.name,
        symbol=symbols.flow_class(flow),
        position=str(flow.position),
        least_bytes=sum(row.wire.least_bytes for row in rows),
        most_bytes=None if None in most else sum(size for size in most if size is not None),
        rows=rows,
    )


def _row(known: KnownFlow, index: int, channel: ChannelConfig) -> FlowRow:
    optional = known.home.is_optional(known.flow, channel)
    return FlowRow(
        index=index,
        channel=channel.name,
        symbol=known.home.symbols.field(channel),
        annotation=annotation_of(known.home, channel, optional=optional),
        data_type=channel.data_type.value,
        unit=channel.unit,
        wire=wire_of(channel, optional=optional),
    )
