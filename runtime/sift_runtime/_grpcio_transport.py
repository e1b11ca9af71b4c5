"""Batches as client streams of grpcio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

import grpc

from sift_runtime._connection import Connection
from sift_runtime._errors import RequestError
from sift_runtime._fork_gate import result_of
from sift_runtime._frames import FrameBytes, messages
from sift_runtime._retry_info import DETAILS_TRAILER, retry_after

__all__ = ["INGEST", "SLOWEST_LINK", "GrpcioTransport"]

INGEST: Final = "/sift.ingest.v1.IngestService/IngestWithConfigDataStream"

# Bytes a second that a link must carry for a batch to meet its deadline: a thin link must not send one for ever.
SLOWEST_LINK: Final = 16_384


class GrpcioTransport:
    """One stream per batch on a channel that others may use too."""

    def __init__(self, channel: grpc.Channel, connection: Connection) -> None:
        """Use the channel; it stays the caller's."""
        self._connection = connection
        self._metadata = connection.headers
        self._timeout = connection.request_timeout
        # Requests are bytes already, and the response has no fields.
        self._ingest = channel.stream_unary(INGEST, request_serializer=_identity, response_deserializer=_identity)

    def ship(self, frames: FrameBytes) -> None:
        """Send one client stream and return on its OK; see Transport."""
        source = _Source(messages(frames))
        timeout = self._timeout + len(frames) / SLOWEST_LINK
        try:
            result_of(lambda: self._ingest.future(source, timeout=timeout, metadata=self._metadata))
        except grpc.RpcError as error:
            raise request_error(INGEST, error, self._connection) from None  # its own words may hold the key
        except grpc.FutureCancelledError as error:
            raise RequestError(INGEST, grpc.StatusCode.CANCELLED, "a fork came in between") from error
        except ValueError as error:  # grpcio's way to say that the channel was closed meanwhile
            raise RequestError(INGEST, grpc.StatusCode.CANCELLED, str(error)) from error
        if not source.exhausted:
            raise RequestError(INGEST, grpc.StatusCode.ABORTED, "the server answered OK before everything was sent")

    def close(self) -> None:
        """Do nothing: the channel is the caller's, and closing it ends what is under way."""


def request_error(method: str, error: grpc.RpcError, connection: Connection) -> RequestError:
    """Return what a failed call says, without grpcio's debug text."""
    call = cast("grpc.Call", error)  # what grpcio raises from a call is the call, though its types do not say so
    trailers = dict(call.trailing_metadata() or ())
    details = trailers.get(DETAILS_TRAILER)
    asked = retry_after(details) if isinstance(details, bytes) else None
    return RequestError(method, call.code(), connection.without_key(call.details() or ""), asked)


class _Source(Iterator[bytes]):
    """Hands out messages, and knows whether all have been asked for."""

    def __init__(self, messages: Iterator[bytes]) -> None:
        self._messages = messages
        self.exhausted = False

    def __next__(self) -> bytes:
        for message in self._messages:
            return message
        self.exhausted = True
        raise StopIteration


def _identity(data: bytes) -> bytes:
    return data
