"""Batches as HTTP/2 POSTs of libcurl: a gRPC client stream is a body of frames, and its status comes in trailers."""

from __future__ import annotations

import math
import re
import threading
from typing import Final

import pycurl
from grpc import StatusCode

from sift_runtime._connection import Connection
from sift_runtime._curl_options import handle_for, headers_for
from sift_runtime._curl_sockets import CurlSockets
from sift_runtime._errors import RequestError
from sift_runtime._frames import FrameBytes, compressed
from sift_runtime._grpc_answer import GrpcAnswer
from sift_runtime._grpcio_transport import INGEST, SLOWEST_LINK

__all__ = ["CurlTransport"]

# Bytes of a DATA frame (RFC 9113, 4.2; libcurl makes no larger ones), and of a TLS record.
_LARGEST_DATA: Final = 16_384
_FRAME_HEADER: Final = 9
_SHORTEST_HEADERS: Final = _FRAME_HEADER + 10  # a HEADERS frame of ten fields that the peer knows already
_RECORD_OVERHEAD: Final = 22  # TLS 1.3 (RFC 8446, 5.2): header, content type, tag
_CREDENTIALS: Final = re.compile(r"//.*@")
_HTTP_2: Final = 3  # CURL_HTTP_VERSION_2, as CURLINFO_HTTP_VERSION tells it


class CurlTransport:
    """One POST per batch, on a connection that is kept.

    The whole body is handed over at once, so that libcurl sends without ever asking for the interpreter.
    """

    def __init__(self, connection: Connection) -> None:
        """Prepare a handle; the network is touched by the first batch."""
        self._connection = connection
        self._timeout = connection.request_timeout
        self._compresses = connection.compression == "gzip"
        self._lock = threading.RLock()
        self._shipping = False
        self._tls = connection.endpoint.tls
        self._answer = GrpcAnswer()
        self._confirmed: int | None = None
        self._headers = headers_for(connection)
        self._handle = handle_for(connection, INGEST)
        self._handle.setopt(pycurl.HEADERFUNCTION, self._take_header)
        self._handle.setopt(pycurl.WRITEFUNCTION, len)  # the response has no fields
        self._handle.setopt(pycurl.XFERINFOFUNCTION, self._stop_waiting)
        self._sockets = CurlSockets(self._handle)

    def ship(self, frames: FrameBytes) -> None:
        """Send one client stream and return on its OK; see Transport."""
        body = compressed(frames) if self._compresses else bytes(frames)  # no copy where it is bytes already
        with self._lock:
            if self._sockets.has_ended():
                raise RequestError(INGEST, StatusCode.CANCELLED, "the transport is closed")
            self._shipping = True
        try:
            self._post(body)
        except RequestError:
            # A connection on which something went wrong may hold up the next batch, too: its window may be used up.
            self._sockets.shut()
            raise
        finally:
            with self._lock:
                self._shipping = False
                if self._sockets.has_ended():
                    self._free()

    def close(self) -> None:
        """End what is under way; safe in any thread and in a signal's handler."""
        self._sockets.end()
        with self._lock:
            if not self._shipping:
                self._free()

    def _post(self, body: bytes) -> None:
        self._answer = GrpcAnswer()
        self._prepare(body)
        failure: RequestError | None = None
        try:
            self._handle.perform()
        except pycurl.error as error:
            failure = self._failure(error)
        self._handle.setopt(pycurl.POSTFIELDS, b"")  # which lets go of the body
        self._judge(failure, len(body))

    def _free(self) -> None:
        """Give descriptors and memory back at once: handle and callbacks refer to each other."""
        self._handle.close()
        self._sockets.free()

    def _prepare(self, body: bytes) -> None:
        handle = self._handle
        handle.setopt(pycurl.POSTFIELDS, body)
        seconds = math.ceil(self._timeout + len(body) / SLOWEST_LINK)
        handle.setopt(pycurl.TIMEOUT_MS, seconds * 1000)
        handle.setopt(pycurl.HTTPHEADER, [*self._headers, f"grpc-timeout: {seconds}S"])
        self._sockets.let_go_of_closed()
        self._confirmed = None
        # Whether to go on is asked only while there is no socket to shut down: each question waits for the interpreter.
        handle.setopt(pycurl.NOPROGRESS, self._sockets.any_open)

    def _judge(self, failure: RequestError | None, size: int) -> None:
        """Raise what the answer means; returns only for an OK to a body that was sent as a whole."""
        if failure is not None and not self._answer.is_decided:
            raise failure
        version = self._handle.getinfo(pycurl.INFO_HTTP_VERSION)
        if version != _HTTP_2:
            raise RequestError(INGEST, StatusCode.UNAVAILABLE, "the server does not speak HTTP/2, which gRPC needs")
        code, message = self._answer.status()
        if code is not StatusCode.OK:
            raise RequestError(INGEST, code, self._connection.without_key(message), self._answer.retry_after())
        if failure is not None or not self._all_was_sent(size):
            raise RequestError(INGEST, StatusCode.ABORTED, "the server answered OK before everything was sent")

    def _all_was_sent(self, size: int) -> bool:
        """Tell whether the body had left us when the status came.

        libcurl counts as sent what waits in its own buffers, 64 KiB and more. So the bytes that the peer's TCP had
        confirmed are asked for too, where the system tells: an answer to the whole body confirms the whole body. They
        hold more than the body: its framing is known, the request's headers and answers to pings are not.
        """
        if self._handle.getinfo(pycurl.SIZE_UPLOAD_T) != size:
            return False
        return self._confirmed is None or self._confirmed >= _least_on_the_wire(size, tls=self._tls)

    def _failure(self, error: pycurl.error) -> RequestError:
        number, text = (*error.args, "")[:2]
        if self._sockets.has_ended():
            return RequestError(INGEST, StatusCode.CANCELLED, "the transport was closed")
        late = number == pycurl.E_OPERATION_TIMEDOUT
        words = _CREDENTIALS.sub("//…@", str(text))  # of a proxy: libcurl quotes its whole address
        return RequestError(INGEST, StatusCode.DEADLINE_EXCEEDED if late else StatusCode.UNAVAILABLE, words)

    def _take_header(self, line: bytes) -> int:
        ends = self._answer.take(line)
        if line[:11].lower() == b"grpc-status":
            self._confirmed = self._sockets.confirmed_of_request()
        return -1 if ends else len(line)  # -1 ends the transfer

    def _stop_waiting(self, *_: int) -> bool:
        return self._sockets.has_ended()


def _least_on_the_wire(size: int, *, tls: bool) -> int:
    """Return the bytes that a body of this size takes at least, with the headers of its frames and TLS records."""
    frames = -(-size // _LARGEST_DATA)
    framed = _SHORTEST_HEADERS + size + frames * _FRAME_HEADER
    return framed + (-(-framed // _LARGEST_DATA) * _RECORD_OVERHEAD if tls else 0)
