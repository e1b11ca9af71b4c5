"""What an Sdk is set to: limits and policies, checked when they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sift_runtime._errors import SettingsError
from sift_runtime._requirements import require_above_zero, require_count, require_seconds

__all__ = [
    "BatchLimits",
    "Block",
    "CompressionName",
    "Durability",
    "OnDrift",
    "Order",
    "TransportName",
    "WhenFull",
    "require_when_full",
]

TransportName: TypeAlias = Literal["curl", "grpcio"]
CompressionName: TypeAlias = Literal["none", "gzip"]


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


def require_when_full(value: object) -> None:
    """Refuse what is no way to deal with a full spool; raises SettingsError."""
    if not isinstance(value, Block) and value not in ("drop_oldest", "drop_newest", "raise"):
        raise SettingsError(f"when_full is {value!r}; it is 'drop_oldest', 'drop_newest', 'raise' or Block(timeout)")
