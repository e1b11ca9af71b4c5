"""Connections to the server: what registers and what ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import grpc

from sift_runtime._connection import Connection
from sift_runtime._fork_gate import apart_from_forks
from sift_runtime._grpcio_channel import open_channel
from sift_runtime._grpcio_transport import GrpcioTransport
from sift_runtime._monitor import Monitor
from sift_runtime._registration.control_plane import ControlPlane
from sift_runtime._transport import Transport

__all__ = ["Link", "LinkHolder", "open_link", "transport_for"]


@dataclass(frozen=True, slots=True)
class Link:
    """An open connection; `close` cancels what is under way."""

    control: ControlPlane
    transport: Transport
    close: Callable[[], None]


class LinkHolder:
    """Opens a link in the thread that asks for it, as gRPC does not survive a fork that comes after.

    Others may have it renewed at any time; also a signal's handler, which may have interrupted who has the lock.
    """

    def __init__(self, connection: Connection, monitor: Monitor) -> None:
        """Open nothing yet."""
        self._connection = connection
        self._lock = monitor.lock
        self._link: Link | None = None

    def current(self) -> Link:
        """Return the link, opened if it is not: without the lock, for which track() may wait, and apart from forks."""
        while True:
            with self._lock:
                link, connection = self._link, self._connection
            if link is not None:
                return link
            opened = apart_from_forks(partial(open_link, connection))
            if self._took(opened, connection):
                return opened
            opened.close()

    def _took(self, opened: Link, connection: Connection) -> bool:
        """Keep what was opened, unless another connection is asked for by now."""
        with self._lock:
            if self._connection is not connection:
                return False
            self._link = opened
            return True

    def replace(self, connection: Connection) -> None:
        """Let go of the link; the next one connects like this."""
        with self._lock:
            self._connection = connection
        self.renew()

    def renew(self) -> None:
        """Let go of the link, whatever is under way on it."""
        with self._lock:
            old, self._link = self._link, None
        if old is not None:
            old.close()


def open_link(connection: Connection) -> Link:
    """Open a connection; the network is touched by the first call, not here."""
    channel = open_channel(connection)
    transport = transport_for(connection, channel)

    def close() -> None:
        transport.close()
        channel.close()

    return Link(ControlPlane(channel, connection), transport, close)


def transport_for(connection: Connection, channel: grpc.Channel) -> Transport:
    """Return the transport that the settings ask for; grpcio's uses the channel."""
    if connection.transport == "grpcio":
        return GrpcioTransport(channel, connection)
    from sift_runtime._curl_transport import CurlTransport  # noqa: PLC0415  # pycurl may be missing where grpcio is chosen

    return CurlTransport(connection)
