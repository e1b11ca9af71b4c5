"""A flight whose signals' handlers do things in the middle of everything: signalled.py HANDLER WORK URI SPOOL.

HANDLER is raise, track or attach (a run); WORK is runs (attached and detached), ages (of the spool, looked at) or rolls
(of segments); SPOOL is a folder, or - for memory. Prints how many flows track() returned from, and what is
unaccounted.
"""

from __future__ import annotations

import random
import signal
import sys

from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow

SIGNALS = 400


class HandlerError(BaseException):
    """What the handler raises: as KeyboardInterrupt, nothing that code takes for an error of its own."""


class Flight:
    """Numbers its flows by their times, in nanoseconds."""

    def __init__(self, sdk: Sdk[AnyFlow], handler: str) -> None:
        self.sdk = sdk
        self.handler = handler
        # Between one raise and the next try nothing would catch another, of a timer set as the last ran out.
        self.caught = False
        self.number = self.signals = 0
        self.returned: list[int] = []

    def track(self) -> None:
        number, self.number = self.number, self.number + 1
        self.sdk.track(LogsFlow(log="x" * 500), number)
        self.returned.append(number)

    def handle(self, *_: object) -> None:
        self.signals += 1
        if self.handler == "attach":
            self.sdk.attach_run(run_id=f"run-of-signal-{self.signals}")
        elif self.handler == "track":
            self.track()
        elif self.caught:
            self.caught = False
            raise HandlerError

    def work(self, what: str) -> None:
        if what == "runs":
            if self.number % 2:
                self.sdk.attach_run(run_id=f"run-{self.number}")
            else:
                self.sdk.detach_run()
        elif what == "ages":
            self.sdk.stats  # noqa: B018  # which drops what is too old, and begins another segment
        else:
            self.track()


def main(handler: str, what: str, uri: str, folder: str) -> None:
    random.seed(what + handler)
    sdk = Sdk(
        TELEMETRY,
        uri=uri,
        api_key="key",
        spool=None if folder == "-" else folder,
        spool_bytes=4_000_000 if what == "rolls" else None,
        spool_max_age=3600.0 if what != "ages" else 0.2,
        limits=BatchLimits(interval=0.001),
    )
    flight = Flight(sdk, handler)
    signal.signal(signal.SIGALRM, flight.handle)
    while True:
        try:
            flight.caught = True
            while flight.signals < SIGNALS:
                flight.track()
                signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00002, 0.001))
                flight.work(what)
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            break
        except HandlerError:
            pass
    sdk.flush(30)
    sdk.close(30)
    stats = sdk.stats
    sys.stdout.writelines(f"{number}\n" for number in flight.returned)
    sys.stdout.write(f"unaccounted {stats.unaccounted} dropped {stats.dropped} damaged {stats.damaged}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
