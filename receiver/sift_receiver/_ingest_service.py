"""sift.ingest.v1.IngestService: reads a client stream to its half-close, then acknowledges it once it is committed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from google.protobuf.message import DecodeError

from sift_receiver._errors import CallRefusedError
from sift_receiver._row_decoder import InvalidRequestError
from sift_receiver._rpc import Handler, stream_handler
from sift_receiver._run_extents import Extents, add_time
from sift_receiver._store import Store
from sift_receiver._timestamps import now_nanoseconds, timestamp_nanoseconds
from sift_receiver._writer import Batch
from sift_runtime.messages import ingest_pb2 as ingest

__all__ = ["INGEST_SERVICE", "ingest_handlers"]

INGEST_SERVICE = "sift.ingest.v1.IngestService"

_Request = ingest.IngestWithConfigDataStreamRequest
_UNKNOWN_CONFIG = "unknown_config"


def ingest_handlers(store: Store, open_streams: int) -> dict[str, Handler]:
    """Serve ingestion into this store, for at most so many streams at once."""
    return {"IngestWithConfigDataStream": stream_handler(_IngestService(store, open_streams).ingest)}


class _IngestService:
    def __init__(self, store: Store, open_streams: int) -> None:
        self._store = store
        self._limit = open_streams
        self._places = threading.BoundedSemaphore(open_streams)

    def ingest(self, requests: Iterator[bytes]) -> ingest.IngestWithConfigDataStreamResponse:
        with self._place():
            stream = _Stream(self._store)
            try:
                for raw in requests:
                    stream.take(raw)
            finally:
                # Also when the stream is refused half-way: what came before the bad request is kept.
                stream.wait_until_committed()
        return ingest.IngestWithConfigDataStreamResponse()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            reason = f"{self._limit} ingestion streams are open already: close some, or raise open_streams"
            raise CallRefusedError(grpc.StatusCode.RESOURCE_EXHAUSTED, reason)
        try:
            yield
        finally:
            self._places.release()


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A request that does not fit, for the errors table."""

    reason: str
    message: str


class _Stream:
    """One client stream: its rows lie in one or more batches."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._batches: list[Batch] = []
        self._extents: Extents = {}

    def take(self, raw: bytes) -> None:
        """Store one request, as a row or as an error; raises if the request asks to end the stream on an error."""
        try:
            request = _Request.FromString(raw)
        except DecodeError as error:
            self._record(_Request(), raw, _Refusal("undecodable", f"the bytes are no valid ingest request: {error}"))
            return
        refusal = self._store_row(request, len(raw))
        if refusal is not None:
            self._record(request, raw, refusal)
            if request.end_stream_on_validation_error:
                raise _ended(refusal)

    def wait_until_committed(self) -> None:
        """Return once every row so far is committed; raises StoreError."""
        for batch in self._batches:
            self._store.wait_until_committed(batch)
        self._batches.clear()
        self._store.extents.add(self._extents)
        self._extents.clear()

    def _store_row(self, request: _Request, size: int) -> _Refusal | None:
        flow = self._store.catalogue.flow(request.ingestion_config_id, request.flow)
        if flow is None:
            return self._unknown(request)
        try:
            row = flow.decoder.row(request)
        except InvalidRequestError as error:
            return _Refusal(error.reason, str(error))
        self._remember(self._store.append(flow.target, row, size))
        if request.run_id:
            add_time(self._extents, request.run_id, flow.flow_id, timestamp_nanoseconds(request.timestamp))
        return None

    def _unknown(self, request: _Request) -> _Refusal:
        if self._store.catalogue.config(request.ingestion_config_id) is None:
            reason = f"ingestion config {request.ingestion_config_id!r} does not exist: create it first"
            return _Refusal(_UNKNOWN_CONFIG, reason)
        known = ", ".join(
            repr(flow.definition.name) for flow in self._store.catalogue.flows(request.ingestion_config_id)[:20]
        )
        place = f"ingestion config {request.ingestion_config_id} has no flow {request.flow!r}"
        return _Refusal("unknown_flow", f"{place}, but {known or 'none at all'}")

    def _record(self, request: _Request, raw: bytes, refusal: _Refusal) -> None:
        now = now_nanoseconds()
        place = (request.ingestion_config_id, request.flow, request.run_id or None)
        row = (now // 1000, now, *place, refusal.reason, refusal.message, raw)
        self._remember(self._store.append(self._store.tables.errors, row, len(raw)))

    def _remember(self, batch: Batch) -> None:
        # Batches of a long stream that are committed already need no more waiting, but a failed one must be told.
        if not self._batches or self._batches[-1] is not batch:
            self._batches = [batch_ for batch_ in self._batches if not _succeeded(batch_)]
            self._batches.append(batch)


def _succeeded(batch: Batch) -> bool:
    return batch.committed.done() and batch.committed.exception() is None


def _ended(refusal: _Refusal) -> CallRefusedError:
    unknown_config = refusal.reason == _UNKNOWN_CONFIG
    code = grpc.StatusCode.NOT_FOUND if unknown_config else grpc.StatusCode.INVALID_ARGUMENT
    return CallRefusedError(code, refusal.message)
