"""How libcurl is set for gRPC: HTTP/2 only, certificates verified, and every wait bounded."""

from __future__ import annotations

import logging
import os
from importlib.resources import files
from pathlib import Path
from typing import Final

import pycurl

from sift_runtime._connection import Connection
from sift_runtime._version import __version__

__all__ = ["handle_for", "headers_for"]

_log: Final = logging.getLogger("sift_runtime")
_IDLE_SECONDS: Final = 45  # Sift closes connections that are silent for 60 s: an older one is not used again
_CONNECT_SECONDS: Final = 20.0
_UPLOAD_BUFFER_BYTES: Final = 1024 * 1024


def headers_for(connection: Connection) -> list[str]:
    """Return the headers that every request has."""
    headers = [
        "te: trailers",
        "content-type: application/grpc",
        *(f"{name}: {value}" if value else f"{name};" for name, value in connection.headers),
        "expect:",  # no waiting for a 100-continue, which gRPC servers do not send
        "accept:",
    ]
    if connection.compression == "gzip":
        headers.append("grpc-encoding: gzip")
    return headers


def handle_for(connection: Connection, method: str) -> pycurl.Curl:
    """Return a handle that posts to a gRPC method; the network is not touched."""
    endpoint = connection.endpoint
    handle = pycurl.Curl()
    for option, value in {
        pycurl.URL: f"{'https' if endpoint.tls else 'http'}://{endpoint.target}{method}",
        pycurl.POST: 1,
        pycurl.USERAGENT: f"sift-codegen/{__version__} {pycurl.version.partition(' ')[0]}",
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
        pycurl.HTTPPROXYTUNNEL: 1,  # a proxy of the environment has to let HTTP/2 through as it is
        pycurl.FOLLOWLOCATION: 0,
        pycurl.NOSIGNAL: 1,  # it is not the main thread that sends
        pycurl.UPLOAD_BUFFERSIZE: _UPLOAD_BUFFER_BYTES,
        pycurl.CONNECTTIMEOUT_MS: int(min(_CONNECT_SECONDS, connection.request_timeout) * 1000),
        pycurl.LOW_SPEED_LIMIT: 1,  # bytes a second
        pycurl.LOW_SPEED_TIME: max(1, round(connection.request_timeout)),
        pycurl.MAXAGE_CONN: _IDLE_SECONDS,
        pycurl.SSL_VERIFYPEER: 1,
        pycurl.SSL_VERIFYHOST: 2,
        pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_2,  # or newer
    }.items():
        handle.setopt(option, value)
    network = connection.network
    if network.proxy is not None:
        handle.setopt(pycurl.PROXY, network.proxy)
        handle.setopt(pycurl.NOPROXY, "")  # what the user says counts, whatever no_proxy does
    if network.keepalive is not None:
        seconds = max(1, round(network.keepalive.interval))
        for option in (pycurl.TCP_KEEPIDLE, pycurl.TCP_KEEPINTVL):
            handle.setopt(option, seconds)
        handle.setopt(pycurl.TCP_KEEPALIVE, 1)
    if endpoint.tls:
        handle.setopt(pycurl.CAINFO_BLOB, connection.root_certificates or _default_roots())
    return handle


def _default_roots() -> bytes:
    """Return the certificates that gRPC trusts: both ways to the server have to trust the same."""
    named = os.environ.get("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")
    if named:
        try:
            return Path(named).read_bytes()
        except OSError as error:  # gRPC takes its own, too, and says so in its log
            _log.warning("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH cannot be read, gRPC's own are taken: %s", error)
    return (files("grpc") / "_cython/_credentials/roots.pem").read_bytes()
