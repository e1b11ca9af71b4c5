"""A flight that is told on its command line what to do and how to end; run as a process of its own."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.ledger import STRIDE, AcceptedNumbers
from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, VoltageFlow

__all__ = ["Orders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What to do: `threads` track `count` numbers each (0: until killed), `pace` a second (0: at full speed).

    `first` is how many numbers of its slots an earlier flight has tracked, all of them.
    """

    uri: str
    accepted: str
    spool: str | None = None
    slot: int = 0
    first: int = 0
    count: int = 0
    pace: int = 20_000
    threads: int = 1
    forks: int = 0
    ending: str = "close"
    patience: float = 30.0
    settings: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    """Carry out the orders; says `go` when it begins, and at the end the ledger as JSON, if it lives that long."""
    logging.disable(logging.CRITICAL)
    orders = Orders(**json.loads(sys.argv[1]))
    settings = {"api_key": "key", "spool": orders.spool, "limits": BatchLimits(interval=0.02), **orders.settings}
    sdk: Sdk[AnyFlow] = Sdk(TELEMETRY, uri=orders.uri, **settings)
    accepted = AcceptedNumbers(Path(orders.accepted))
    sys.stdout.write("go\n")
    sys.stdout.flush()
    _fly(sdk, orders, accepted.words)
    _end(sdk, orders.ending, orders.patience)


def _fly(sdk: Sdk[AnyFlow], orders: Orders, words: memoryview) -> None:
    """Track in all threads, and fork while they do."""
    first = orders.slot + 1
    flying = [
        threading.Thread(target=_track, args=(sdk, orders, words, slot))
        for slot in range(first, first + orders.threads - 1)
    ]
    for thread in flying:
        thread.start()
    children = [_fork(sdk, orders, words, orders.slot + orders.threads + number) for number in range(orders.forks)]
    _track(sdk, orders, words, orders.slot)
    for thread in flying:
        thread.join()
    for child in children:
        os.waitpid(child, 0)


def _fork(sdk: Sdk[AnyFlow], orders: Orders, words: memoryview, slot: int) -> int:
    """Fork a child that tracks its own numbers and ends as the parent does, but that it never returns."""
    child = os.fork()
    if not child:
        _track(sdk, orders, words, slot)
        _end(sdk, "close" if orders.ending == "exception" else orders.ending, orders.patience)
        os._exit(0)
    return child


def _track(sdk: Sdk[AnyFlow], orders: Orders, words: memoryview, slot: int) -> None:
    flow = VoltageFlow(voltage=0)
    number, at_once = orders.first, max(1, orders.pace // 100)
    while number < orders.first + orders.count or not orders.count:
        flow.voltage = slot * STRIDE + number
        sdk.track(flow)
        number += 1
        words[slot] = number
        if orders.pace and number % at_once == 0:
            time.sleep(0.01)  # the pace of the flight, a hundred bursts a second


def _end(sdk: Sdk[AnyFlow], ending: str, patience: float) -> None:
    if ending == "close":
        sdk.close(patience)
        stats = sdk.stats
        report = {name: getattr(stats, name) for name in ("tracked", "adopted", "acknowledged", "rejected", "in_spool")}
        more = {"dropped": stats.dropped, "unaccounted": stats.unaccounted, "retries": stats.retries}
        sys.stdout.write(json.dumps({**report, **more}) + "\n")
    elif ending == "exception":
        raise RuntimeError("as ordered")
    elif ending == "os._exit":
        os._exit(3)
    elif ending == "SIGTERM":
        signal.raise_signal(signal.SIGTERM)
    # "return": the interpreter exits, and nobody has closed anything


if __name__ == "__main__":
    main()
