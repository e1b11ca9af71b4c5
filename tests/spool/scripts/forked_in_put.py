"""A flight that a signal's handler forks in the middle of put(): forked_in_put.py SPOOL.

The child goes on where the parent does, and ends; the parent then tracks 3,000 flows more. Prints how the child's put()
ended, how many flows the parent's track() and put() returned from, and what is unaccounted.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Final

from sift_runtime import Sdk, SdkClosedError
from vehicle_telemetry import TELEMETRY, VoltageFlow

NOWHERE: Final = "http://127.0.0.1:1"
VALUES: Final = VoltageFlow(voltage=7).encode()


def tell(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(spool: str) -> None:
    """Fly."""
    sdk = Sdk(TELEMETRY, uri=NOWHERE, api_key="key", spool=spool, spool_bytes=64_000_000)
    for number in range(10):
        sdk.track(VoltageFlow(voltage=number))
    head, reading, writing = sdk._spool.head, *os.pipe()
    make, flow = head.makers[VoltageFlow]
    children: list[int] = []

    def fork(*_: object) -> None:
        children.append(os.fork())
        if children[0]:
            os.close(writing)
            os.read(reading, 1)  # until the child has ended

    def interrupted(time_ns: int, values: bytes) -> bytes:
        frame = make(time_ns, values)
        if not children:
            signal.raise_signal(signal.SIGUSR1)
        return frame

    signal.signal(signal.SIGUSR1, fork)
    with sdk._spool._lock:
        head.limit, head.makers = 0, {**head.makers, VoltageFlow: (interrupted, flow)}
    try:
        sdk._spool.put(VoltageFlow, 1, VALUES)
    except SdkClosedError:
        tell("closed")
    if children[0] == 0:
        os._exit(0)
    for number in range(3_000):
        sdk.track(VoltageFlow(voltage=number))
    tell(f"{sdk.stats.tracked} {sdk.stats.unaccounted}")
    sdk.close(0)


main(sys.argv[1])
