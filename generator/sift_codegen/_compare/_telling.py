"""How a change is put into words, and where in a config it is shown."""

from __future__ import annotations

from sift_codegen._compare._change import Change
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Position

__all__ = ["describe", "describe_in_place", "place_in"]


def describe(change: Change) -> str:
    """Return a change in one line, without its flow and channel."""
    if change.before and change.after:
        return f"{change.message}: {change.before.text} -> {change.after.text}"
    if change.before:
        return f"{change.message}: was {change.before.text}"
    return f"{change.message}: {change.after.text}" if change.after else change.message


def describe_in_place(change: Change) -> str:
    """Return a change in one line, with its flow and channel."""
    channel = "" if change.channel is None else f", channel {change.channel!r}"
    return f"flow {change.flow!r}{channel}: {describe(change)}"


def place_in(config: TelemetryConfig, change: Change) -> Position:
    """Return where the newer config shows a change; of what is gone, where it would be."""
    if change.after and change.after.position:
        return change.after.position
    flow = next((flow for flow in config.flows if flow.name == change.flow), None)
    if flow is None:
        return Position(config.sources[0], 1, 1)
    channels = (channel.position for channel in flow.channels if channel.name == change.channel)
    return next(channels, flow.position)
