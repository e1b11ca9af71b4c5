"""When the next batch is due, and how far records may be appended until somebody has to look."""

from __future__ import annotations

import time
from collections.abc import Collection

from sift_runtime._frames import SMALLEST_FRAME
from sift_runtime._settings import BatchLimits
from sift_runtime._spool.progress import Batch, Hold, Progress

__all__ = ["end_until_due", "next_in_turn", "seconds_until_due", "seconds_until_readable", "take_batch"]


def seconds_until_due(
    segments: tuple[Progress, ...], held: Collection[Hold], limits: BatchLimits, since: float
) -> float | None:
    """Return how long the next batch may still wait; None if nothing waits.

    `since` is when the oldest that waits in the head came. What is in segments before the head waits for nothing.
    Those that are held are passed over.
    """
    *earlier, last = segments
    if any(progress.waits() and not progress.is_held(held) for progress in earlier):
        return 0.0
    if last.is_held(held):
        return None
    head = last.appended_to()
    if head is None:  # there is another by now: look again
        return 0.0
    waiting = head.ready(last.taken) - last.taken
    if not waiting:
        return None
    size = head.end - head.start_of(last.taken)
    if waiting >= limits.messages or size >= limits.bytes:
        return 0.0
    return since + limits.interval - time.monotonic()


def seconds_until_readable(segments: tuple[Progress, ...]) -> float | None:
    """Return how long until a segment that could not be read is to be tried again; None if there is none."""
    now = time.monotonic()
    waits = [progress.unreadable_until - now for progress in segments if progress.unreadable_until > now]
    return min(waits, default=None)


def end_until_due(last: Progress, limits: BatchLimits) -> int:
    """Return the end of the payload before which no batch gets full."""
    head = last.appended_to()
    if head is None:
        return 0
    messages_left = limits.messages - (head.records - last.taken)
    by_messages = head.end + (messages_left - 1) * SMALLEST_FRAME
    return min(head.room(), head.start_of(last.taken) + limits.bytes - 1, by_messages)


def next_in_turn(segments: tuple[Progress, ...], held: Collection[Hold]) -> Progress | None:
    """Return the oldest segment that something waits in that is not held."""
    return next((progress for progress in segments if progress.waits() and not progress.is_held(held)), None)


def take_batch(progress: Progress, limits: BatchLimits) -> Batch | None:
    """Take the oldest records that wait, as many as a batch holds."""
    records, stretch = progress.records, progress.next_stretch()
    if records is None or progress.origin is None or stretch is None:
        return None
    first, ready = stretch
    end = min(first + limits.messages, records.end_of_bytes(first, ready, limits.bytes))
    count = records.count(first, end).total()
    while count > limits.messages and end - first > 1:  # records of several frames are among them
        end = first + (end - first) // 2
        count = records.count(first, end).total()
    batch = Batch(progress, progress.origin, first, end, count, records.frames(first, end))
    progress.taken = end
    progress.in_flight += 1
    return batch
