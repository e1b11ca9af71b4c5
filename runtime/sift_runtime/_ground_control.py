"""Calls from the ground: a connection for as long as some calls take, made of what the user says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sift_runtime._connection import ConnectionSettings, connection_from
from sift_runtime._grpcio_channel import open_channel
from sift_runtime._registration import ControlPlane

__all__ = ["ground_control"]


@contextmanager
def ground_control(settings: ConnectionSettings) -> Iterator[ControlPlane]:
    """Give calls to the server, and close what they needed. Raises SettingsError where there is no way to it."""
    connection = connection_from(settings)
    channel = open_channel(connection)
    try:
        yield ControlPlane(channel, connection)
    finally:
        channel.close()
