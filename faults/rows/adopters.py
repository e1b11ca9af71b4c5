"""Processes that start at once on the directory of one that was killed: exactly one of them adopts it."""

from __future__ import annotations

import time
from contextlib import ExitStack

from faults.flight import Orders
from faults.ledger import AcceptedNumbers, compare
from faults.processes import flying
from faults.row import Result, Setting
from faults.server import RecordingServer

__all__ = ["run"]

_RIVALS = 4


def run(setting: Setting) -> Result:
    """Leave data behind, and let four processes find it."""
    accepted = AcceptedNumbers(setting.folder / "accepted")
    with RecordingServer() as server:
        for number in range(setting.times):
            slot = number * (_RIVALS + 1)
            spool = str(setting.folder / f"spool-{number}")
            words = str(setting.folder / "accepted")
            with flying(Orders(uri="http://127.0.0.1:1", spool=spool, accepted=words, slot=slot)):
                time.sleep(0.1)  # some thousand records
            with ExitStack() as stack:
                rivals = [
                    stack.enter_context(
                        flying(Orders(uri=server.uri, spool=spool, accepted=words, slot=slot + 1 + rival, count=100))
                    )
                    for rival in range(_RIVALS)
                ]
                for rival in rivals:
                    rival.wait(60)
            setting.step()
        loss = compare(accepted.counts(), server.delivered)
    return Result.of(loss, kept=loss.duplicates == 0)
