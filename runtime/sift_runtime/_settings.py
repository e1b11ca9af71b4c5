"""What an Sdk is set to: limits, times and credentials, checked when they are given."""

from __future__ import annotations

import logging
import os
import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sift_runtime._endpoint import Endpoint, parse_endpoint
from sift_runtime._errors import SettingsError

__all__ = [
    "BatchLimits",
    "Block",
    "CompressionName",
    "Connection",
    "ConnectionSettings",
    "Durability",
    "OnDrift",
    "Order",
    "TransportName",
    "WhenFull",
    "connection_from",
    "require_above_zero",
    "require_count",
    "require_one_of",
    "require_seconds",
    "require_text",
    "require_when_full",
]

TransportName: TypeAlias = Literal["curl", "grpcio"]
CompressionName: TypeAlias = Literal["none", "gzip"]

_log: Final = logging.getLogger("sift_runtime")
URI_VARIABLE: Final = "SIFT_GRPC_URI"
API_KEY_VARIABLE: Final = "SIFT_API_KEY"
_LONGEST_TIMEOUT: Final = 86_400.0  # a day; gRPC takes a deadline that is too far away for one that has passed


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """When a batch is sent: at so many messages or bytes, or when its oldest flow has waited for `interval` seconds."""

    messages: int = 16_384
    bytes: int = 4 * 1024 * 1024
    interval: float = 0.1

    def __post_init__(self) -> None:
        """Refuse limits that no batch could meet."""
        require_count("BatchLimits.messages", self.messages)
        require_count("BatchLimits.bytes", self.bytes)
        require_above_zero("BatchLimits.interval", self.interval)


@dataclass(frozen=True, slots=True)
class Block:
    """Let track() wait while the spool is full, for so many seconds at most; None waits for ever."""

    timeout: float | None = None

    def __post_init__(self) -> None:
        """Refuse a timeout that would never pass."""
        require_seconds("Block.timeout", self.timeout)


Durability: TypeAlias = Literal["process", "power"]
OnDrift: TypeAlias = Literal["error", "warn"]
Order: TypeAlias = Literal["fifo", "fresh_first"]
WhenFull: TypeAlias = Literal["drop_oldest", "drop_newest", "raise"] | Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach the server; the key shows in no repr. Times are in seconds."""

    endpoint: Endpoint
    api_key: str = field(repr=False)
    root_certificates: bytes | None = field(default=None, repr=False)
    request_timeout: float = 30.0
    transport: TransportName
    compression: CompressionName = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """What the user says of the connection; None is left to the environment or to us."""

    uri: str | None
    api_key: str | None
    ca_certificate: Path | None
    request_timeout: float
    transport: TransportName | None
    compression: CompressionName


def connection_from(given: ConnectionSettings) -> Connection:
    """Return the connection that arguments and environment (SIFT_GRPC_URI, SIFT_API_KEY) describe.

    Raises SettingsError where one is missing or cannot be used.
    """
    found_uri = given.uri if given.uri is not None else _from_environment("uri", URI_VARIABLE)
    found_key = given.api_key if given.api_key is not None else _from_environment("api_key", API_KEY_VARIABLE)
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


def require_one_of(setting: str, value: object, choices: tuple[object, ...]) -> None:
    """Refuse anything but these; raises SettingsError."""
    if value not in choices:
        raise SettingsError(f"{setting} is {value!r}; it is {' or '.join(map(repr, choices))}")


def require_when_full(value: object) -> None:
    """Refuse what is no way to deal with a full spool; raises SettingsError."""
    if not isinstance(value, Block) and value not in ("drop_oldest", "drop_newest", "raise"):
        raise SettingsError(f"when_full is {value!r}; it is 'drop_oldest', 'drop_newest', 'raise' or Block(timeout)")


def require_above_zero(setting: str, value: object) -> None:
    """Refuse what is no number, NaN and what is not above 0; raises SettingsError."""
    if not isinstance(value, (int, float)) or not value > 0:  # NaN is not below either
        raise SettingsError(f"{setting} is {value!r}; it must be a number above 0")


def require_count(setting: str, value: object) -> None:
    """Refuse what is no whole number above 0; raises SettingsError."""
    require_above_zero(setting, value)
    if not isinstance(value, int):
        raise SettingsError(f"{setting} is {value!r}; it must be a whole number")


def require_seconds(setting: str, value: object) -> None:
    """Refuse a timeout that would never pass; raises SettingsError. None waits for ever, below 0 is as good as 0."""
    if value is not None and not (isinstance(value, (int, float)) and value == value):  # noqa: PLR0124  # NaN differs
        raise SettingsError(f"{setting} is {value!r}; give a number of seconds, or None to wait for ever")


def require_text(setting: str, value: object) -> None:
    """Refuse what cannot be sent as text, for example a UUID that was not made one; raises SettingsError."""
    if not isinstance(value, str):
        kind = type(value).__name__
        raise SettingsError(f"{setting} is {value!r}, of type {kind}; give it as text, for example str({setting})")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(f"{setting} is {value!r}; it has half of a surrogate pair in it") from error


def _from_environment(argument: str, variable: str) -> str:
    value = os.environ.get(variable)
    if value is None:
        raise SettingsError(f"no {argument}: give Sdk(…, {argument}=…) or set {variable}")
    return value


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
