"""What a receiver is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sift_receiver._errors import ReceiverError

__all__ = ["ReceiverSettings", "TlsFiles"]


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files of the server certificate chain and its private key."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """Everything that decides how a receiver listens and stores.

    `port` 0 takes a free one. `api_key` None accepts any caller; an empty key is refused, because it would look like
    protection and be none. `open_streams` bounds the ingestion streams that may be open at once: each takes one thread,
    and further ones are answered RESOURCE_EXHAUSTED. `users` are the names
    that rules may be assigned to. `shutdown_grace` is in seconds.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 0
    api_key: str | None = field(default=None, repr=False)
    tls: TlsFiles | None = None
    users: tuple[str, ...] = ()
    open_streams: int = 1024
    shutdown_grace: float = 2.0

    def __post_init__(self) -> None:
        """Refuse values that could only fail later or silently."""
        if self.api_key is not None and not self.api_key.strip():
            raise ReceiverError("the API key is empty: give a key, or none to accept every caller")
        if not 0 <= self.port <= 65535:
            raise ReceiverError(f"port {self.port} is outside 0..65535: use 0 for any free port")
        if self.open_streams < 1:
            raise ReceiverError(f"open_streams is {self.open_streams}: at least 1 is needed")
