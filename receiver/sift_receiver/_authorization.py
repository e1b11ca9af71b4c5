"""Refuses calls that do not carry the key the receiver was started with."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import NoReturn, TypeVar

import grpc

__all__ = ["KeyInterceptor"]

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


class KeyInterceptor(grpc.ServerInterceptor):
    """Answers UNAUTHENTICATED unless the call's metadata holds `authorization: Bearer KEY`."""

    def __init__(self, api_key: str) -> None:
        """Keep the expected header; it is compared in constant time and never written anywhere."""
        self._expected = f"Bearer {api_key}".encode()

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[_Request, _Response] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[_Request, _Response] | None:
        """Let a call with the key through; unknown methods are refused alike."""
        given = [value for name, value in handler_call_details.invocation_metadata or () if name == "authorization"]
        if len(given) == 1 and hmac.compare_digest(_bytes(given[0]), self._expected):
            return continuation(handler_call_details)
        # Declared as streaming on both sides, it answers any kind of call at once, before a first message is sent.
        return grpc.stream_stream_rpc_method_handler(_refuse)


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _refuse(_: object, context: grpc.ServicerContext) -> NoReturn:
    context.abort(
        grpc.StatusCode.UNAUTHENTICATED,
        "the API key is missing or wrong: send the metadata `authorization: Bearer KEY` with the receiver's key",
    )
