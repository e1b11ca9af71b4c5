"""From flows to queued frames: the way that every value takes, kept short."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from time import time_ns
from typing import Final, Generic, Literal, TypeVar

from sift_runtime._clock import nanoseconds
from sift_runtime._columns import Columns, encode_columns
from sift_runtime._errors import SdkClosedError, TrackError, UnknownFlowError
from sift_runtime._flow import Flow
from sift_runtime._schema import Telemetry
from sift_runtime._spool.segment import Segment
from sift_runtime._spool.spool import Spool
from sift_runtime._track_errors import TrackErrors
from sift_runtime._values import ValuesEncoder

__all__ = ["Tracker"]

F = TypeVar("F", bound=Flow)

_log: Final = logging.getLogger("sift_runtime")


class Tracker(Generic[F]):
    """Encodes flows and queues them; what an Sdk begins with."""

    _idle: bool
    """Whether nothing runs: after close(), or in a forked child that has not tracked yet."""
    _errors: TrackErrors
    _spool: Spool

    def __init__(self, telemetry: Telemetry[F], on_error: Literal["log", "raise"]) -> None:
        """Keep what the messages need."""
        self._telemetry = telemetry
        self._raises = on_error == "raise"
        self._encoders: dict[type, ValuesEncoder] = {}
        """Of values by name, as they are asked for."""

    def track(self, flow: F, timestamp: datetime | int | None = None) -> None:
        """Encode a flow, stamp it and queue it; returns at once and never waits for the network.

        `timestamp` is an aware datetime, or integer nanoseconds since 1970, and defaults to now. The flow is read here
        and may be changed and tracked again. A flow that cannot be tracked (a value that does not fit, a naive
        datetime) is counted, logged and kept in `last_serialization_error`, or raised as TrackError with
        `on_error="raise"`. Raises SdkClosedError after close().
        """
        if self._idle:
            self._wake("track")
        segment = self._spool.head
        try:
            time = time_ns() if timestamp is None else nanoseconds(timestamp)
            make, number = segment.makers[type(flow)]
            values = flow.encode()
            frame = make(time, values)
        except TrackError as error:
            self._refuse(flow, error)
            return
        except KeyError:
            self._refuse(flow, self._unknown(flow))
            return
        # As Segment.append() does, without the call.
        checksum = segment.checksum(frame, segment.seed)
        size = len(frame)
        # No call from here on.
        start = segment.end
        end = start + size
        if end <= segment.limit:
            record = segment.records
            segment.end = end
            segment.records = record + 1
            segment.payload[start:end] = frame
            segment.flows[record] = number
            segment.words[record] = end << 32 | checksum
            segment.committed += 1
        else:
            self._put(type(flow), time, values)

    def track_many(self, flows: Iterable[F], timestamps: Iterable[datetime | int] | None = None) -> None:
        """Track flows, of any kinds, in their order: one call, and one look at the clock.

        `timestamps` holds one for each flow. Without them the first flow is stamped with now, and each after it one
        nanosecond later, so that two readings of one flow stay two. A flow is read when its turn comes: a generator may
        yield one object again and again, changed. What cannot be tracked is treated as by track(), and the rest goes
        on; with `on_error="raise"` what stands before it is tracked. Raises ValueError where flows and timestamps
        differ in number, after tracking the pairs, and SdkClosedError after close().
        """
        times = count(time_ns()) if timestamps is None else timestamps
        pairs = zip(flows, times, strict=timestamps is not None)
        more = True
        while more:
            if self._idle:
                self._wake("track_many")
            more = self._track_some(pairs, self._spool.head)

    def track_columns(self, columns: Columns[F]) -> None:
        """Track many readings of one flow at once, given as NumPy arrays; see the package's `<Name>Columns`.

        The arrays are read here and may be changed afterwards. Where any value does not fit, nothing of the columns is
        tracked, and all that does not fit is told as track() tells it; they count as one error. Raises
        MissingExtraError without NumPy, and SdkClosedError after close().
        """
        if self._idle:
            self._wake("track_columns")
        generation = self._spool.generation
        try:
            envelope = generation.envelopes.get(columns._flow())
            if envelope is None:
                raise self._unknown(columns)
            blocks = encode_columns(columns, envelope.head(), envelope.tail())
        except TrackError as error:
            self._refuse(columns, error)
            return
        if self._spool.put_blocks(columns._flow(), blocks, generation):
            self._warn_of_drops()

    def _track_some(self, pairs: Iterable[tuple[F, datetime | int]], segment: Segment) -> bool:
        """Track flows as long as they go into this segment; returns False if there are no more.

        Each is in the spool before the next is asked for, which may take its time.
        """
        makers, append = segment.makers, segment.append
        for flow, time in pairs:
            kind = type(flow)
            try:
                time_ns = time if type(time) is int else nanoseconds(time)
                if kind not in makers:
                    raise self._unknown(flow)
                make, number = makers[kind]
                values = flow.encode()
                frame = make(time_ns, values)
            except TrackError as error:
                self._refuse(flow, error)
                continue
            if not append(frame, number):
                self._put(kind, time_ns, values)
                return True
        return False

    def _append(self, kind: type, time_ns: int, values: bytes) -> None:
        """Append a reading that is encoded."""
        segment = self._spool.head
        maker = segment.makers.get(kind)
        if maker is None or not segment.append(maker[0](time_ns, values), maker[1]):
            self._put(kind, time_ns, values)

    def _put(self, kind: type, time_ns: int, values: bytes) -> None:
        """Append where something has to be seen to first."""
        if self._idle:  # closed, or forked, since it was looked at
            self._wake("track")
        if self._spool.put(kind, time_ns, values):
            self._warn_of_drops()

    def _wake(self, method: str) -> None:
        raise SdkClosedError(f"{method}() after close(); make a new Sdk")

    def _refuse(self, flow: object, error: TrackError) -> None:
        self._spool.count_error()
        self._errors.note(flow, error)
        if self._raises:
            raise error

    def _warn_of_drops(self) -> None:
        _log.warning("the spool is full (%d bytes): flows are being dropped", self._spool.capacity_bytes)

    def _unknown(self, flow: object) -> UnknownFlowError:
        name = type(flow).__name__
        asset, names = self._telemetry.asset_name, tuple(flow.schema().name for flow in self._telemetry.flows)
        return UnknownFlowError(f"{name} is no flow of this Sdk's package (asset {asset!r}); it has {names}")
