"""A server in this process that remembers what it acknowledged, and fails when and how a row wants it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

import grpc

from faults.ledger import DeliveredNumbers
from faults.registry import Registry
from sift_runtime.messages import ingest_pb2 as ingest

__all__ = ["Ending", "RecordingServer", "StreamRecord"]

Request = ingest.IngestWithConfigDataStreamRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a stream ends: after so many messages (None: all) and seconds, with this status, before or after its end."""

    code: grpc.StatusCode = grpc.StatusCode.OK
    details: str = "as the row wants it"
    read: int | None = None
    seconds: float = 0.0
    retry_info: bytes = b""


@dataclass(slots=True)
class StreamRecord:
    """One stream: how many messages were read of it, and how it ended."""

    messages: int = 0
    code: grpc.StatusCode | None = None
    at: float = field(default_factory=time.monotonic)


class RecordingServer:
    """Acknowledges what it has read to the end, unless `ending` says otherwise, or `refuses` a number."""

    def __init__(self, port: int = 0) -> None:
        """Listen on loopback; on a port of its own unless one is given."""
        self.delivered = DeliveredNumbers()
        self.streams: list[StreamRecord] = []
        self.registry = Registry()
        self.on_request: Callable[[Request], None] | None = None
        self.ending: Callable[[int], Ending] = lambda _: Ending()
        self.refuses: Callable[[int], bool] | None = None
        self._lock = threading.Lock()
        self._start(port)

    @property
    def uri(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def stop(self, grace: float | None = None) -> None:
        """Stop; with a grace it says GOAWAY first, and ends what is under way after it."""
        self._server.stop(grace).wait()

    def restart(self, grace: float | None = None) -> None:
        """Stop, and listen on the same port again."""
        self.stop(grace)
        self._start(self.port)

    def _start(self, port: int) -> None:
        # Without probing it grants no more than is read, so that an early OK is early.
        options = [("grpc.so_reuseport", 0), ("grpc.http2.bdp_probe", 0), ("grpc.max_receive_message_length", -1)]
        self._server = grpc.server(ThreadPoolExecutor(16), options=options)
        handlers: dict[str, Any] = {"IngestWithConfigDataStream": grpc.stream_unary_rpc_method_handler(self._ingest)}
        services = [grpc.method_handlers_generic_handler("sift.ingest.v1.IngestService", handlers)]
        self._server.add_generic_rpc_handlers((*services, *self.registry.handlers()))
        self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        self._server.start()

    def _ingest(self, messages: Iterator[bytes], context: grpc.ServicerContext) -> bytes:
        with self._lock:
            record = StreamRecord()
            self.streams.append(record)
            ending = self.ending(len(self.streams) - 1)
        requests: list[Request] = []
        for message in islice(messages, ending.read):
            requests.append(Request.FromString(message))
            record.messages += 1
        if ending.seconds:
            time.sleep(ending.seconds)  # the fault itself: a server that is slow
        self._end(record, ending, requests, context)
        return b""

    def _end(
        self, record: StreamRecord, ending: Ending, requests: list[Request], context: grpc.ServicerContext
    ) -> None:
        code, details = ending.code, ending.details
        numbers = [number for request in requests for number in _numbers(request)]
        if code is grpc.StatusCode.OK and self.refuses is not None and any(map(self.refuses, numbers)):
            code, details = grpc.StatusCode.INVALID_ARGUMENT, "a value is out of its range"
        record.code = code
        if code is not grpc.StatusCode.OK:
            if ending.retry_info:
                context.set_trailing_metadata((("grpc-status-details-bin", ending.retry_info),))
            context.abort(code, details)
        if ending.read is None:  # an early OK is no acknowledgement
            with self._lock:
                self.delivered.add(numbers)
                if self.on_request is not None:
                    for request in requests:
                        self.on_request(request)


def _numbers(request: Any) -> Iterator[int]:
    if request.flow == "voltage":
        yield request.channel_values[0].int32
    elif request.flow == "readings":
        yield request.channel_values[1].int32
