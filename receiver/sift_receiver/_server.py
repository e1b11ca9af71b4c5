"""The receiver: a gRPC server over a store."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import grpc

from sift_receiver._asset_service import ASSET_SERVICE, asset_handlers
from sift_receiver._authorization import KeyInterceptor
from sift_receiver._call_log import CallLog
from sift_receiver._channel_service import CHANNEL_SERVICE, UNIT_SERVICE, channel_handlers, unit_handlers
from sift_receiver._errors import ReceiverError
from sift_receiver._ingest_service import INGEST_SERVICE, ingest_handlers
from sift_receiver._ingestion_config_service import INGESTION_CONFIG_SERVICE, ingestion_config_handlers
from sift_receiver._ping_service import PING_SERVICE, ping_handlers
from sift_receiver._rpc import Handler
from sift_receiver._rule_service import RULE_SERVICE, rule_handlers
from sift_receiver._run_service import RUN_SERVICE, run_handlers
from sift_receiver._settings import ReceiverSettings, TlsFiles
from sift_receiver._store import Store
from sift_receiver._tag_service import TAG_SERVICE, tag_handlers
from sift_receiver._user_service import USER_SERVICE, user_handlers

__all__ = ["Receiver"]

_log = logging.getLogger(__name__)

# Threads beyond those of the open streams, so that unary calls are answered however many streams are open.
_UNARY_THREADS = 32

_OPTIONS = (
    # As Sift: a client that sends more is found out here, not in flight.
    ("grpc.max_receive_message_length", 4 << 20),
    # A second receiver on the port must fail to start, not share it.
    ("grpc.so_reuseport", 0),
    # Official clients ping every 20 s, also without an open call. C-core's defaults take that for abuse and answer
    # GOAWAY (too_many_pings), which loses open streams.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 1_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 1_000),
    ("grpc.http2.max_ping_strikes", 0),
)


class Receiver:
    """A running receiver.

    Each open ingestion stream has a thread of its own while it lasts; threads are made as streams come. Use as a
    context manager, or call `start` and `stop`.
    """

    def __init__(self, settings: ReceiverSettings) -> None:
        """Take the settings; nothing is opened before `start`."""
        self._settings = settings
        self._store: Store | None = None
        self._server: grpc.Server | None = None
        self._port = 0

    @property
    def port(self) -> int:
        """The port that is listened on; 0 before `start`."""
        return self._port

    @property
    def uri(self) -> str:
        """Where clients connect to, such as `http://127.0.0.1:50051`."""
        scheme = "https" if self._settings.tls else "http"
        return f"{scheme}://{_host_text(self._settings.host)}:{self._port}"

    def start(self) -> None:
        """Open the store and serve; raises StoreError, or ReceiverError if the port cannot be had."""
        store = Store(self._settings.store)
        try:
            self._server, self._port = _serving(self._settings, store)
        except BaseException:
            store.close()
            raise
        self._store = store
        _log.info("listening on %s", self.uri)

    def stop(self) -> None:
        """Refuse new calls, give open ones the grace period, commit everything that was read, close the store."""
        server, store = self._server, self._store
        self._server = self._store = None
        if server is not None:
            server.stop(self._settings.shutdown_grace).wait()
        if store is not None:
            store.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def _serving(settings: ReceiverSettings, store: Store) -> tuple[grpc.Server, int]:
    workers = settings.open_streams + _UNARY_THREADS
    server = grpc.server(
        ThreadPoolExecutor(workers, thread_name_prefix="sift-receiver-call"),
        interceptors=[CallLog(), *([KeyInterceptor(settings.api_key)] if settings.api_key is not None else [])],
        options=_OPTIONS,
        maximum_concurrent_rpcs=workers,
    )
    for service, handlers in _services(store, settings).items():
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = _bind(server, settings)
    server.start()
    return server, port


def _services(store: Store, settings: ReceiverSettings) -> Mapping[str, dict[str, Handler]]:
    return {
        PING_SERVICE: ping_handlers(),
        INGESTION_CONFIG_SERVICE: ingestion_config_handlers(store),
        ASSET_SERVICE: asset_handlers(store),
        RUN_SERVICE: run_handlers(store),
        CHANNEL_SERVICE: channel_handlers(store),
        UNIT_SERVICE: unit_handlers(store),
        RULE_SERVICE: rule_handlers(store),
        TAG_SERVICE: tag_handlers(store),
        USER_SERVICE: user_handlers(settings.users),
        INGEST_SERVICE: ingest_handlers(store, settings.open_streams),
    }


def _bind(server: grpc.Server, settings: ReceiverSettings) -> int:
    address = f"{_host_text(settings.host)}:{settings.port}"
    reason = "choose another port, or 0 for a free one"
    try:
        if settings.tls is None:
            port = server.add_insecure_port(address)
        else:
            port = server.add_secure_port(address, _credentials(settings.tls))
    except RuntimeError as error:
        raise ReceiverError(f"cannot listen on {address}: {reason} ({error})") from error
    if not port:
        raise ReceiverError(f"cannot listen on {address}: {reason}")
    return port


def _credentials(tls: TlsFiles) -> grpc.ServerCredentials:
    try:
        pair = tls.key.read_bytes(), tls.certificate.read_bytes()
    except OSError as error:
        raise ReceiverError(f"the TLS files cannot be read: {error}") from error
    return grpc.ssl_server_credentials([pair])


def _host_text(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
