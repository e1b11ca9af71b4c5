"""When the next batch is due, and how far records may be appended until somebody has to look."""

from __future__ import annotations

import time

from sift_runtime._settings import BatchLimits
from sift_runtime._spool.layout import SMALLEST_RECORD
from sift_runtime._spool.progress import Batch, Progress

__all__ = ["next_batch", "records_end_due", "seconds_until_due"]


def seconds_until_due(segments: tuple[Progress, ...], limits: BatchLimits, since: float) -> float | None:
    """Return how long the next batch may still wait; None if nothing waits.

    `since` is when the oldest that waits in the head came. What is in segments before the head waits for nothing.
    """
    *earlier, head = segments
    if any(progress.waiting() for progress in earlier):
        return 0.0
    waiting = head.waiting()
    if not waiting:
        return None
    size = head.segment.end - head.segment.start_of(head.taken)
    if waiting >= limits.messages or size >= limits.bytes:
        return 0.0
    return since + limits.interval - time.monotonic()


def records_end_due(head: Progress, limits: BatchLimits) -> int:
    """Return the end of the payload before which no batch gets full."""
    segment = head.segment
    messages_left = limits.messages - head.waiting()
    by_messages = segment.end + (messages_left - 1) * SMALLEST_RECORD
    return min(segment.room(), segment.start_of(head.taken) + limits.bytes - 1, by_messages)


def next_batch(segments: tuple[Progress, ...], limits: BatchLimits) -> Batch | None:
    """Take the oldest records that wait, as many as a batch holds."""
    for progress in segments:
        first = progress.taken
        ready = progress.segment.ready(first)
        if first < ready:
            end = min(first + limits.messages, progress.segment.end_of_bytes(first, ready, limits.bytes))
            progress.taken = end
            progress.in_flight += 1
            return Batch(progress, first, end, progress.segment.count(first, end).total())
    return None
