"""Tells each call, on the logger `sift_receiver.calls` at level DEBUG: its method, and nothing of what it carries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import grpc

__all__ = ["CallLog"]

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")
_log = logging.getLogger("sift_receiver.calls")


class CallLog(grpc.ServerInterceptor):
    """Logs `/package.Service/Method` when a call begins, whether it is let through or not."""

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[_Request, _Response] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[_Request, _Response] | None:
        """Log, and let through."""
        _log.debug("%s", handler_call_details.method)
        return continuation(handler_call_details)
