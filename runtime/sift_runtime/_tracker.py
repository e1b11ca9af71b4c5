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
from sift_runtime._generation import Generation
from sift_runtime._queue import LARGE_FRAME, FrameQueue
from sift_runtime._schema import Telemetry
from sift_runtime._track_errors import TrackErrors

__all__ = ["Tracker"]

F = TypeVar("F", bound=Flow)

_log: Final = logging.getLogger("sift_runtime")


class Tracker(Generic[F]):
    """Encodes flows and queues them; what an Sdk begins with."""

    _idle: bool
    """Whether nothing runs: after close(), or in a forked child that has not tracked yet."""
    _errors: TrackErrors
    _queue: FrameQueue

    def __init__(self, telemetry: Telemetry[F], on_error: Literal["log", "raise"]) -> None:
        """Keep what the messages need."""
        self._telemetry = telemetry
        self._raises = on_error == "raise"

    def track(self, flow: F, timestamp: datetime | int | None = None) -> None:
        """Encode a flow, stamp it and queue it; returns at once and never waits for the network.

        `timestamp` is an aware datetime, or integer nanoseconds since 1970, and defaults to now. The flow is read here
        and may be changed and tracked again. A flow that cannot be tracked (a value that does not fit, a naive
        datetime) is counted, logged and kept in `last_serialization_error`, or raised as TrackError with
        `on_error="raise"`. Raises SdkClosedError after close().
        """
        if self._idle:
            self._wake("track")
        queue = self._queue
        generation = queue.generation
        try:
            make = generation.makers[type(flow)]
            frame = make(time_ns() if timestamp is None else nanoseconds(timestamp), flow.encode())
        except TrackError as error:
            self._refuse(flow, error)
            return
        except KeyError:
            self._refuse(flow, self._unknown(flow))
            return
        # Here, not in a method of the queue: the call would take longer than what it does.
        incoming = generation.incoming
        incoming.append(frame)
        if len(incoming) >= queue.attend_at or len(frame) >= LARGE_FRAME:
            self._attend(frame, generation)

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
            more = self._track_some(pairs, self._queue.generation)

    def track_columns(self, columns: Columns[F]) -> None:
        """Track many readings of one flow at once, given as NumPy arrays; see the package's `<Name>Columns`.

        The arrays are read here and may be changed afterwards. Where any value does not fit, nothing of the columns is
        tracked, and all that does not fit is told as track() tells it; they count as one error. Raises
        MissingExtraError without NumPy, and SdkClosedError after close().
        """
        if self._idle:
            self._wake("track_columns")
        generation = self._queue.generation
        try:
            envelope = generation.envelopes.get(columns._flow())
            if envelope is None:
                raise self._unknown(columns)
            blocks = encode_columns(columns, envelope.head(), envelope.tail())
        except TrackError as error:
            self._refuse(columns, error)
            return
        for frames in blocks:
            if self._queue.append_blocks(frames, generation):
                self._warn_of_drops()

    def _track_some(self, pairs: Iterable[tuple[F, datetime | int]], generation: Generation) -> bool:
        """Track flows as long as nothing changes that they are made with; returns False if there are no more.

        Each is queued before the next is asked for, which may take its time.
        """
        queue, makers, incoming = self._queue, generation.makers, generation.incoming
        for flow, time in pairs:
            make = makers.get(type(flow))
            try:
                if make is None or type(time) is not int:
                    frame = self._frame(flow, nanoseconds(time), generation)
                else:
                    frame = make(time, flow.encode())
            except TrackError as error:
                self._refuse(flow, error)
                continue
            # As in track().
            incoming.append(frame)
            if len(incoming) >= queue.attend_at or len(frame) >= LARGE_FRAME:
                self._attend(frame, generation)
            if queue.generation is not generation or self._idle:
                return True
        return False

    def _attend(self, frame: bytes, generation: Generation) -> None:
        if self._queue.attend(frame, generation):
            self._warn_of_drops()

    def _wake(self, method: str) -> None:
        raise SdkClosedError(f"{method}() after close(); make a new Sdk")

    def _frame(self, flow: F, time: int, generation: Generation) -> bytes:
        make = generation.makers.get(type(flow))
        if make is None:
            raise self._unknown(flow)
        return make(time, flow.encode())

    def _refuse(self, flow: object, error: TrackError) -> None:
        self._queue.count_error()
        self._errors.note(flow, error)
        if self._raises:
            raise error

    def _warn_of_drops(self) -> None:
        _log.warning("the queue is full (%d bytes): the oldest flows are being dropped", self._queue.capacity_bytes)

    def _unknown(self, flow: object) -> UnknownFlowError:
        name = type(flow).__name__
        asset, names = self._telemetry.asset_name, tuple(flow.schema().name for flow in self._telemetry.flows)
        return UnknownFlowError(f"{name} is no flow of this Sdk's package (asset {asset!r}); it has {names}")
