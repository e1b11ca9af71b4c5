"""One connection to the server: what registers and what ships, on the same channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sift_runtime._control_plane import ControlPlane
from sift_runtime._grpcio_channel import open_channel
from sift_runtime._grpcio_transport import GrpcioTransport
from sift_runtime._registration import Registrar
from sift_runtime._schema import Telemetry
from sift_runtime._settings import Connection
from sift_runtime._transport import Transport

__all__ = ["Link", "open_link"]


@dataclass(frozen=True, slots=True)
class Link:
    """An open connection; `close` cancels what is under way."""

    registrar: Registrar
    transport: Transport
    close: Callable[[], None]


def open_link(connection: Connection, telemetry: Telemetry[Any]) -> Link:
    """Open a connection; the network is touched by the first call, not here."""
    channel = open_channel(connection)
    transport = GrpcioTransport(channel, connection)

    def close() -> None:
        transport.close()
        channel.close()

    return Link(Registrar(telemetry, ControlPlane(channel, connection)), transport, close)
