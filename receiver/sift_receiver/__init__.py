"""A local, Sift-compatible telemetry receiver on DuckDB.

with Receiver(ReceiverSettings(store=Path("flight.duckdb"))) as receiver:
    print(receiver.uri)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sift_receiver._errors import FilterError, ReceiverError, StoreError
    from sift_receiver._server import Receiver
    from sift_receiver._settings import ReceiverSettings, TlsFiles

__all__ = ["FilterError", "Receiver", "ReceiverError", "ReceiverSettings", "StoreError", "TlsFiles"]

_HOMES: Final = {
    "_errors": ("FilterError", "ReceiverError", "StoreError"),
    "_server": ("Receiver",),
    "_settings": ("ReceiverSettings", "TlsFiles"),
}


def __getattr__(name: str) -> object:
    """Import on first use: the command must be able to say that the receiver's extra is not installed."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
