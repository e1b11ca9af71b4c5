"""kill -9 of the client at a random instant, again and again on one spool directory; then a drain."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from faults.flight import Orders
from faults.ledger import AcceptedNumbers, compare
from faults.processes import fly, flying
from faults.row import Result, Setting
from faults.server import Ending, RecordingServer

__all__ = ["run"]

_NOWHERE = "http://127.0.0.1:1"
_LONGEST_LIFE = 0.25
_DRAIN = 100.0  # the server of this row reads some 10,000 messages a second


def run(setting: Setting) -> Result:
    """Kill flights; every third has no server, and every third a slow one."""
    accepted = AcceptedNumbers(setting.folder / "accepted")
    chance = random.Random(setting.times)
    with RecordingServer() as server:
        for number in range(setting.times):
            server.ending = _slow if number % 3 == 1 else _prompt
            uri = _NOWHERE if number % 3 == 2 else server.uri
            with flying(_orders(setting, uri, number)):
                time.sleep(chance.uniform(0, _LONGEST_LIFE))  # the instant is what is random
            setting.step()
        server.ending = _prompt
        ledger = fly(replace(_orders(setting, server.uri, setting.times, count=1), patience=_DRAIN))
        loss = compare(accepted.counts(), server.delivered)
        largest = max(stream.messages for stream in server.streams)
    whole = ledger["unaccounted"] == 0 and ledger["in_spool"] == 0
    told = f"{loss.duplicates / setting.times:.1f} duplicates per kill, of batches of up to {largest:,}"
    return Result.of(loss, told, kept=whole and loss.duplicates <= setting.times * largest)


def _slow(_: int) -> Ending:
    return Ending(seconds=0.05)


def _prompt(_: int) -> Ending:
    return Ending()


def _orders(setting: Setting, uri: str, slot: int, count: int = 0) -> Orders:
    spool, accepted = str(setting.folder / "spool"), str(setting.folder / "accepted")
    return Orders(uri=uri, spool=spool, accepted=accepted, slot=slot, count=count)
