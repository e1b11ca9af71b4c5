"""What the network between us and Sift asks for: headers, keepalive, a proxy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from sift_runtime._errors import SettingsError
from sift_runtime._requirements import require_above_zero

__all__ = ["Keepalive", "NetworkOptions"]

_HEADER_NAME: Final = re.compile(r"[0-9a-z_.-]+")  # as gRPC has them
_HEADER_VALUE: Final = re.compile(r"[ -~]*")
_OURS: Final = frozenset({"authorization", "content-type", "te", "user-agent", "accept", "expect"})
_EXAMPLE: Final = "for example http://proxy.example.com:3128"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepalive:
    """How often a connection is asked whether it is alive, and how long for an answer; in seconds.

    Sift closes connections that are silent for 60 s.
    """

    interval: float = 20.0
    timeout: float = 20.0
    while_idle: bool = True
    """Whether also while no call is under way."""

    def __post_init__(self) -> None:
        """Refuse times that are none; raises SettingsError."""
        require_above_zero("Keepalive.interval", self.interval)
        require_above_zero("Keepalive.timeout", self.timeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOptions:
    """`metadata` goes with every call; `keepalive=None` asks nothing; `proxy` is an HTTP proxy that tunnels (CONNECT).

    Without a `proxy` the one of the environment is taken (https_proxy, http_proxy, no_proxy).
    """

    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    keepalive: Keepalive | None = field(default_factory=Keepalive)
    proxy: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be sent; raises SettingsError, without the values, which may be secret."""
        for name, value in self.metadata.items():
            _require_header(name, value)
        if self.proxy is not None:
            _require_proxy(self.proxy)


def _require_header(name: object, value: object) -> None:
    if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name) or name.endswith("-bin"):
        raise SettingsError(f"NetworkOptions.metadata has {name!r}; a name has lower-case letters, digits, - _ and .")
    if name in _OURS or name.startswith("grpc-"):
        raise SettingsError(f"NetworkOptions.metadata has {name!r}, which is ours to set")
    if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value) or value != value.strip():
        raise SettingsError(
            f"NetworkOptions.metadata[{name!r}] is no printable ASCII text, or begins or ends with a space"
        )


def _require_proxy(proxy: object) -> None:
    problem = None
    try:
        parts = urlsplit(str(proxy))
        if parts.scheme != "http" or not parts.hostname or parts.port is None:
            problem = "it must be http://, a host and a port"
    except ValueError as error:
        problem = str(error)
    if problem:
        raise SettingsError(f"NetworkOptions.proxy cannot be used: {problem}; {_EXAMPLE}")
