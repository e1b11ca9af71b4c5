"""How to reach the server: what the user says of it, and what it comes to."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

from sift_runtime._credentials import resolve_credentials
from sift_runtime._endpoint import Endpoint, parse_endpoint
from sift_runtime._errors import SettingsError
from sift_runtime._network_options import NetworkOptions
from sift_runtime._requirements import require_above_zero, require_one_of
from sift_runtime._settings import CompressionName, TransportName

__all__ = ["Connection", "ConnectionSettings", "available_transport", "connection_from", "with_key"]

_log: Final = logging.getLogger("sift_runtime")
_SHORTEST_SECRET: Final = 8
_LONGEST_TIMEOUT: Final = 86_400.0  # a day; gRPC takes a deadline that is too far away for one that has passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach the server; the key shows in no repr. Times are in seconds."""

    endpoint: Endpoint
    api_key: str = field(repr=False)
    root_certificates: bytes | None = field(default=None, repr=False)
    request_timeout: float = 30.0
    transport: TransportName
    compression: CompressionName = "none"
    network: NetworkOptions = field(default_factory=NetworkOptions)

    def without_key(self, words: str) -> str:
        """Return a server's words without the key, should they have it in them; a key of a few letters is no secret."""
        return words.replace(self.api_key, "…") if len(self.api_key) >= _SHORTEST_SECRET else words

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every call carries."""
        return (("authorization", f"Bearer {self.api_key}"), *self.network.metadata.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """What the user says of the connection; None is left to the environment or to us."""

    uri: str | None = None
    api_key: str | None = None
    ca_certificate: Path | None = None
    request_timeout: float = 30.0
    transport: TransportName | None = None
    compression: CompressionName = "none"
    profile: str | None = None
    network: NetworkOptions = field(default_factory=NetworkOptions)

    def given(self) -> list[str]:
        """Return the names of what is not left as it is by itself."""
        untouched = ConnectionSettings()
        names = (each.name for each in fields(self))
        return [name for name in names if getattr(self, name) != getattr(untouched, name)]


def connection_from(given: ConnectionSettings) -> Connection:
    """Return the connection that arguments, environment and profiles describe; see resolve_credentials().

    Raises SettingsError where one is missing or cannot be used.
    """
    found_uri, found_key = resolve_credentials(given.uri, given.api_key, given.profile)
    _require_key(found_key)
    require_above_zero("request_timeout", given.request_timeout)
    if given.request_timeout > _LONGEST_TIMEOUT:
        limits = f"above 0 and at most {_LONGEST_TIMEOUT:g} seconds"
        raise SettingsError(f"request_timeout is {given.request_timeout}; it must be {limits}")
    require_one_of("transport", given.transport, (None, "curl", "grpcio"))
    problem = _curl_problem() if given.transport == "curl" else None
    if problem:
        raise SettingsError(f"transport is 'curl', but {problem}; pip install 'pycurl>=7.45.7', or take 'grpcio'")
    require_one_of("compression", given.compression, ("none", "gzip"))
    endpoint, ca_certificate = parse_endpoint(found_uri), given.ca_certificate
    if ca_certificate is not None and not endpoint.tls:
        raise SettingsError(f"ca_certificate {str(ca_certificate)!r} needs an https:// uri; this one has no TLS")
    return Connection(
        endpoint=endpoint,
        api_key=found_key,
        root_certificates=_read_certificate(ca_certificate) if ca_certificate is not None else None,
        request_timeout=given.request_timeout,
        transport=given.transport or available_transport(),
        compression=given.compression,
        network=given.network,
    )


def with_key(connection: Connection, api_key: str) -> Connection:
    """Return the connection with another key; raises SettingsError for one that cannot be sent."""
    _require_key(api_key)
    return replace(connection, api_key=api_key)


def _require_key(key: str) -> None:
    if not key or not key.isascii() or not key.isprintable() or key != key.strip():
        raise SettingsError("api_key is empty, or has characters in it that no key has (not shown here)")


def available_transport() -> TransportName:
    """Return libcurl's transport, or where it cannot work grpcio's, with a warning."""
    problem = _curl_problem()
    if problem:
        _log.warning("%s: sending with grpcio, which is many times slower", problem)
        return "grpcio"
    return "curl"


def _curl_problem() -> str | None:
    try:
        import pycurl  # noqa: PLC0415  # whether it is there is the question
    except ImportError as error:
        return f"pycurl cannot be imported ({error})"
    has_http_2 = pycurl.version_info()[4] & pycurl.VERSION_HTTP2
    return None if has_http_2 else f"this libcurl has no HTTP/2 ({pycurl.version})"


def _read_certificate(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"ca_certificate {str(path)!r} cannot be read: {error.strerror}") from error
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise SettingsError(f"ca_certificate {str(path)!r} holds no PEM certificate")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError as error:  # gRPC would only say, at every call, that it cannot connect
        raise SettingsError(f"ca_certificate {str(path)!r} holds a damaged certificate: {error}") from error
    return content
