"""The gRPC channel to Sift: TLS by scheme, bearer metadata, keepalive, and no retries behind our back."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Final

import grpc

from sift_runtime._connection import Connection
from sift_runtime._network_options import NetworkOptions
from sift_runtime._version import __version__

__all__ = ["open_channel", "warn_of_fork"]

_log: Final = logging.getLogger("sift_runtime")
_OPTIONS: Final = (
    # gRPC's own retries stop silently once a call outgrows its buffer of 256 KiB; the sender retries instead.
    ("grpc.enable_retries", 0),
    ("grpc.secondary_user_agent", f"sift-codegen/{__version__}"),
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    # Reconnecting is paced by the sender's backoff; gRPC's own would go up to two minutes. The third of these options,
    # min_reconnect_backoff_ms, is in truth the shortest time a handshake may take: its 20 s suit a slow link.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 5_000),
)


def open_channel(connection: Connection) -> grpc.Channel:
    """Return a channel; nothing is connected before the first call."""
    target = connection.endpoint.target
    # For the channel, as grpcio's future() of a client stream forgets the compression of the call.
    is_gzip = connection.transport == "grpcio" and connection.compression == "gzip"
    compression = grpc.Compression.Gzip if is_gzip else None
    options = (*_OPTIONS, *_network_options(connection.network))
    if not connection.endpoint.tls:
        return grpc.insecure_channel(target, options=options, compression=compression)
    credentials = grpc.ssl_channel_credentials(connection.root_certificates)
    return grpc.secure_channel(target, credentials, options=options, compression=compression)


def _network_options(network: NetworkOptions) -> Iterator[tuple[str, str | int]]:
    if network.proxy is not None:
        yield "grpc.http_proxy", network.proxy
    if network.keepalive is not None:
        yield "grpc.keepalive_time_ms", int(network.keepalive.interval * 1000)
        yield "grpc.keepalive_timeout_ms", int(network.keepalive.timeout * 1000)
        # A ping has a time of its own by now, of 60 s, which would go on after the other has passed.
        yield "grpc.http2.ping_timeout_ms", int(network.keepalive.timeout * 1000)
        yield "grpc.keepalive_permit_without_calls", int(network.keepalive.while_idle)
        yield "grpc.http2.max_pings_without_data", 0


def warn_of_fork() -> None:
    """Say so where gRPC may not work in this forked process; grpcio reads the variable once, when it is loaded."""
    if os.environ.get("GRPC_ENABLE_FORK_SUPPORT", "").lower() not in ("1", "true", "yes"):
        _log.error(
            "process %d is a fork of one that used gRPC, which may send nothing here; "
            "set GRPC_ENABLE_FORK_SUPPORT=1 before the parent starts, or make the Sdk after the fork",
            os.getpid(),
        )
