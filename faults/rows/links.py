"""Links that break: reset at a random byte, half-open, thin, an answer that is lost, an early OK, GOAWAY."""

from __future__ import annotations

import logging
import random
from collections import Counter

from faults.ledger import compare
from faults.proxy import Fault, Proxy
from faults.row import Result, Setting
from faults.server import Ending, RecordingServer
from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow, VoltageFlow

__all__ = ["run"]

_EACH = 4_000
_MOST_READ = 2_000  # what is left then is more than HTTP/2 lets a client send unasked: the OK is early for certain
_WIDENING = 16  # batches after which a sender that had to narrow them takes whole ones again
_KINDS = ("reset", "reset", "reset", "half-open", "thin", "answer lost", "early OK", "early OK", "GOAWAY", "reset")


def run(setting: Setting) -> Result:
    """Send four thousand messages through each fault, on a link that heals after it."""
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    chance = random.Random(setting.times)
    made: Counter[str] = Counter()
    with RecordingServer() as server, Proxy(server.port) as proxy:
        sdk: Sdk[AnyFlow] = Sdk(
            TELEMETRY,
            uri=proxy.uri,
            api_key="key",
            spool=setting.folder / "spool",
            request_timeout=1.0,
            limits=BatchLimits(messages=_EACH, interval=5.0),
        )
        with sdk:
            sdk.connect(30)
            for number in range(setting.times):
                kind = _KINDS[number % len(_KINDS)]
                if kind == "early OK":
                    _widen(sdk)
                _break(kind, server, proxy, chance)
                for at in range(_EACH):
                    sdk.track(VoltageFlow(voltage=number * _EACH + at))
                if kind == "GOAWAY":
                    server.restart(0.05)
                _heal(sdk, server, proxy, kind)
                made[kind] += 1
                setting.step()
            unaccounted = sdk.stats.unaccounted
        loss = compare({0: setting.times * _EACH}, server.delivered)
    told = ", ".join(f"{kind} {count}" for kind, count in made.items())
    return Result.of(loss, told, kept=unaccounted == 0)


def _widen(sdk: Sdk[AnyFlow]) -> None:
    """Have the next batch be a whole one: a part of it might have been sent to its end before the early OK."""
    for _ in range(_WIDENING):
        sdk.track(LogsFlow(log="all is well"))
        sdk.flush(60)


def _break(kind: str, server: RecordingServer, proxy: Proxy, chance: random.Random) -> None:
    """Prepare what befalls the next stream; the connection is a new one, so that it is counted from its first byte."""
    at = chance.randrange(300, 250_000)
    proxy.fault = {
        "reset": Fault(reset_at=at),
        "half-open": Fault(swallow_from=at),
        "thin": Fault(bytes_per_second=400_000),
        "answer lost": Fault(cut_answers=True),
    }.get(kind, Fault())
    if kind == "early OK":
        begun = len(server.streams)
        read = chance.randrange(_MOST_READ)
        server.ending = lambda stream: Ending(read=read) if stream == begun else Ending()


def _heal(sdk: Sdk[AnyFlow], server: RecordingServer, proxy: Proxy, kind: str) -> None:
    if kind in ("reset", "half-open", "answer lost"):
        sdk.flush(1.5)  # while it is broken
    proxy.fault = Fault()
    if not sdk.flush(60).acknowledged_all:
        raise RuntimeError(f"{kind}: it did not heal")
    server.ending = lambda _: Ending()
    sdk.update_credentials("key")  # the next fault begins with a connection of its own
