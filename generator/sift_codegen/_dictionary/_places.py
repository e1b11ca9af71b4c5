"""Where something stands in a config, as a page tells it."""

from __future__ import annotations

from sift_codegen._diagnostics import Position

__all__ = ["place_of"]


def place_of(position: Position) -> str:
    """Return `vehicle.yaml:12`: the name without folders, so that a page reads alike wherever it was made."""
    return f"{position.source.name}:{position.line}"
