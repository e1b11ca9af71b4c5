"""A local, Sift-compatible telemetry receiver on DuckDB.

with Receiver(ReceiverSettings(store=Path("flight.duckdb"))) as receiver:
    print(receiver.uri)
"""

from __future__ import annotations

from sift_receiver._errors import FilterError, ReceiverError, StoreError
from sift_receiver._server import Receiver
from sift_receiver._settings import ReceiverSettings, TlsFiles

__all__ = ["FilterError", "Receiver", "ReceiverError", "ReceiverSettings", "StoreError", "TlsFiles"]
