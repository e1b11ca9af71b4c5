"""How long a server asks its clients to wait: google.rpc.RetryInfo in the trailer grpc-status-details-bin."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Final

from google.protobuf.message import DecodeError

from sift_runtime.messages import status_pb2 as messages

__all__ = ["DETAILS_TRAILER", "retry_after", "retry_after_text"]

DETAILS_TRAILER: Final = "grpc-status-details-bin"
_RETRY_INFO: Final = "/google.rpc.RetryInfo"


def retry_after(details: bytes) -> float | None:
    """Return the seconds that a google.rpc.Status asks for; None where it asks for none, or is no such message."""
    try:
        status = messages.Status.FromString(details)
        info = next((each.value for each in status.details if each.type_url.endswith(_RETRY_INFO)), None)
        delay = None if info is None else messages.RetryInfo.FromString(info).retry_delay
    except DecodeError:
        return None
    seconds = 0.0 if delay is None else delay.seconds + delay.nanos / 1e9
    return seconds if seconds > 0 and math.isfinite(seconds) else None


def retry_after_text(trailer: str) -> float | None:
    """Return the same for the trailer as it is on the wire: base64, often without padding."""
    try:
        return retry_after(base64.b64decode(trailer + "=" * (-len(trailer) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None
