"""sift.ping.v1.PingService."""

from __future__ import annotations

from sift_receiver._rpc import Handler, unary_handler
from sift_runtime.messages import ping_pb2 as ping

__all__ = ["PING_SERVICE", "ping_handlers"]

PING_SERVICE = "sift.ping.v1.PingService"


def ping_handlers() -> dict[str, Handler]:
    """Answer that we are there; clients ignore the text."""
    return {"Ping": unary_handler(ping.PingRequest, lambda _: ping.PingResponse(response="pong"))}
