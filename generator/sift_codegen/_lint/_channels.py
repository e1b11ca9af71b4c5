"""What most rules go over: the channels of a config, each once for each way in which it is defined."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._config import ChannelConfig, TelemetryConfig
from sift_codegen._diagnostics import Position

__all__ = ["defined_channels", "used_notes", "value_position"]


def defined_channels(config: TelemetryConfig) -> Iterator[ChannelConfig]:
    """Yield each channel as its first flow lists it; flows that share it by an alias share one definition."""
    seen: set[int] = set()
    for flow in config.flows:
        for channel in flow.channels:
            definition = id(channel.key_positions)  # which the copies of a channel in several flows share
            if definition not in seen:
                seen.add(definition)
                yield channel


def value_position(channel: ChannelConfig, key: str) -> Position:
    """Return where a key's value stands, or the definition where it has none."""
    return channel.key_positions.get(key, channel.definition)


def used_notes(channel: ChannelConfig, place: Position) -> tuple[tuple[str, ...], tuple[Position, ...]]:
    """Return the note, and the place, of the use of a channel whose definition is at fault."""
    if channel.position in (place, channel.definition):
        return (), ()
    return (f"used at {channel.position}",), (channel.position,)
