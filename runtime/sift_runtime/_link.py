"""One connection to the server: what registers and what ships, on the same channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc

from sift_runtime._control_plane import ControlPlane
from sift_runtime._grpcio_channel import open_channel
from sift_runtime._grpcio_transport import GrpcioTransport
from sift_runtime._registration import Registrar
from sift_runtime._schema import Telemetry
from sift_runtime._settings import Connection
from sift_runtime._transport import Transport

__all__ = ["Link", "open_link", "transport_for"]


@dataclass(frozen=True, slots=True)
class Link:
    """An open connection; `close` cancels what is under way."""

    registrar: Registrar
    transport: Transport
    close: Callable[[], None]


def open_link(connection: Connection, telemetry: Telemetry[Any]) -> Link:
    """Open a connection; the network is touched by the first call, not here."""
    channel = open_channel(connection)
    transport = transport_for(connection, channel)

    def close() -> None:
        transport.close()
        channel.close()

    return Link(Registrar(telemetry, ControlPlane(channel, connection)), transport, close)


def transport_for(connection: Connection, channel: grpc.Channel) -> Transport:
    """Return the transport that the settings ask for; grpcio's uses the channel."""
    if connection.transport == "grpcio":
        return GrpcioTransport(channel, connection)
    from sift_runtime._curl_transport import CurlTransport  # noqa: PLC0415  # pycurl may be missing where grpcio is chosen

    return CurlTransport(connection)
