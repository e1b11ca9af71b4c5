"""Method handlers that speak bytes to gRPC and messages to us, and turn refusals into gRPC statuses.

Requests are parsed here rather than by grpcio, which would answer undecodable bytes with INTERNAL: a status that
official clients retry.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

import grpc
from google.protobuf.message import DecodeError, Message

from sift_receiver._errors import CallRefusedError, StoreError

__all__ = ["Handler", "stream_handler", "unary_handler"]

_Request = TypeVar("_Request", bound=Message)
# A string, because only the type stubs know it as generic.
Handler: TypeAlias = "grpc.RpcMethodHandler[bytes, bytes]"
_log = logging.getLogger(__name__)


def unary_handler(request_type: type[_Request], answer: Callable[[_Request], Message]) -> Handler:
    """Wrap a function from request to response."""

    def handle(raw: bytes, context: grpc.ServicerContext) -> bytes:
        return _answered(context, lambda: answer(_parsed(request_type, raw)).SerializeToString())

    return grpc.unary_unary_rpc_method_handler(handle)


def stream_handler(answer: Callable[[Iterator[bytes]], Message]) -> Handler:
    """Wrap a function from the serialized requests of a client stream to its one response."""

    def handle(raw: Iterator[bytes], context: grpc.ServicerContext) -> bytes:
        return _answered(context, lambda: answer(raw).SerializeToString())

    return grpc.stream_unary_rpc_method_handler(handle)


def _answered(context: grpc.ServicerContext, answer: Callable[[], bytes]) -> bytes:
    try:
        return answer()
    except CallRefusedError as error:
        code, reason = error.code, error.reason
    except StoreError as error:
        # A full disk ends; what was not acknowledged is worth sending again later.
        code, reason = grpc.StatusCode.RESOURCE_EXHAUSTED, str(error)
    except grpc.RpcError:
        # The client is gone: grpcio raises this from the request iterator and expects it back.
        raise
    except Exception as error:  # noqa: BLE001 - reported to the caller and logged with its traceback
        # A defect of ours. It would fail again, so the status must be none that clients retry by themselves.
        _log.exception("a call failed unexpectedly")
        code, reason = grpc.StatusCode.FAILED_PRECONDITION, f"the receiver failed: {type(error).__name__}: {error}"
    return context.abort(code, _header_text(reason))


def _header_text(reason: str) -> str:
    # The message travels in a trailer; clients accept 16 KiB of trailers in all.
    return reason if len(reason) <= 2000 else reason[:2000] + "…"


def _parsed(request_type: type[_Request], raw: bytes) -> _Request:
    try:
        return request_type.FromString(raw)
    except DecodeError as error:
        reason = f"the request is no valid {request_type.DESCRIPTOR.name}: {error}"
        raise CallRefusedError(grpc.StatusCode.INVALID_ARGUMENT, reason) from error
