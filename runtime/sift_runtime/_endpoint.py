"""Where the server is: the URI decides host, port and TLS, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from sift_runtime._errors import SettingsError

__all__ = ["Endpoint", "parse_endpoint"]

_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_EXAMPLES: Final = "for example https://grpc-api.example.com or http://localhost:50051"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Host, port and whether TLS is on."""

    host: str
    port: int
    tls: bool

    @property
    def target(self) -> str:
        """The host and port as gRPC takes them; IPv6 addresses in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_endpoint(uri: str) -> Endpoint:
    """Return the endpoint of a URI: `https://` is TLS, `http://` is not; the ports default to 443 and 80.

    Raises SettingsError for anything else: a missing or other scheme, no host, a path, a query, a user, a bad port.
    """
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError as error:
        raise SettingsError(f"uri {_shown(uri)}: {error}; {_EXAMPLES}") from error
    problem = _problem(uri, parts, port)
    if problem:
        raise SettingsError(f"uri {_shown(uri)}: {problem}; {_EXAMPLES}")
    return Endpoint(parts.hostname or "", port or _DEFAULT_PORT[parts.scheme], tls=parts.scheme == "https")


def _problem(uri: str, parts: SplitResult, port: int | None) -> str | None:
    has_credentials = parts.username is not None or parts.password is not None
    checks = (
        (not uri, "it is empty"),
        (any(character.isspace() or not character.isprintable() for character in uri), "it has a space in it"),
        (parts.scheme not in _DEFAULT_PORT, "it must begin with https:// (TLS) or http:// (none)"),
        (not parts.hostname, "it names no host"),
        (not uri.isascii(), "it has letters beyond ASCII; give the host in its xn-- form"),
        (port == 0, "port 0 cannot be connected to"),
        (has_credentials, "it must not carry a user or a password; the key is the api_key"),
        (
            parts.path not in ("", "/") or bool(parts.query or parts.fragment),
            "it must be scheme, host and port only",
        ),
    )
    return next((problem for is_wrong, problem in checks if is_wrong), None)


def _shown(uri: str) -> str:
    """Show a URI without what may be a password."""
    head, at, tail = uri.rpartition("@")
    scheme, separator, _ = head.rpartition("://")
    return repr(f"{scheme}{separator}…@{tail}" if at else uri)
