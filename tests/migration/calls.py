"""What a client calls at a receiver of this process, as facts: what would change something, and how it is sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from unittest import mock

from sift_receiver import _server
from sift_receiver._call_log import CallLog
from sift_runtime.messages import ingest_pb2 as ingest

__all__ = ["SeenCalls", "seen_calls"]

_CHANGES_SOMETHING: Final = re.compile(r"(\w+/(?:Archive|BatchUpdate|Create|Delete|Ingest|Stop|Unarchive|Update)\w*)$")


@dataclass(slots=True)
class SeenCalls:
    """Calls in their order, the headers that clients add by themselves, and the readings of each stream."""

    changes: list[str] = field(default_factory=list)
    headers: set[tuple[str, str]] = field(default_factory=set)
    streams: list[list[bool]] = field(default_factory=list)
    """For each reading of each stream, whether a mistake in it is to end the stream."""

    def facts(self) -> dict[str, object]:
        """Return what was seen; of streams, whose number depends on the clock, only whether there was one."""
        in_order = [call for call in self.changes if not call.startswith("IngestService/")]
        return {
            **{f"calls {call}": count for call, count in Counter(in_order).items()},
            **{f"call {call}": True for call in self.changes if call not in in_order},
            "order of calls": list(dict.fromkeys(in_order)),
            "headers": sorted(self.headers),
            "mistakes end the stream": sorted({flag for stream in self.streams for flag in stream}),
            "readings of each stream": [len(stream) for stream in self.streams if stream],
        }


@contextmanager
def seen_calls() -> Iterator[SeenCalls]:
    """Have receivers that are opened meanwhile tell what they are called for."""
    seen = SeenCalls()

    class Telling(CallLog):
        def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
            handler = super().intercept_service(continuation, handler_call_details)
            method = str(handler_call_details.method)
            seen.changes.extend(_CHANGES_SOMETHING.findall(method))
            headers = handler_call_details.invocation_metadata
            seen.headers |= {(key, value) for key, value in headers if key.startswith("x-")}
            return _watched(handler, seen) if method.endswith("/IngestWithConfigDataStream") else handler

    with mock.patch.object(_server, "CallLog", Telling):
        yield seen


def _watched(handler: Any, seen: SeenCalls) -> Any:
    stream: list[bool] = []
    seen.streams.append(stream)
    read = handler.request_deserializer

    def see(raw: bytes) -> Any:
        message = ingest.IngestWithConfigDataStreamRequest.FromString(raw)
        stream.append(message.end_stream_on_validation_error)
        return read(raw) if read else raw

    return handler._replace(request_deserializer=see)
