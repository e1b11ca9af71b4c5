"""Every way a process ends, while sixteen threads track and children are forked off; and the next process drains."""

from __future__ import annotations

from collections import Counter

from faults.flight import Orders
from faults.ledger import AcceptedNumbers, compare
from faults.processes import fly
from faults.row import Result, Setting
from faults.server import RecordingServer

__all__ = ["run"]

_ENDINGS = ("close", "return", "exception", "os._exit", "SIGTERM")
_THREADS, _FORKS, _EACH = 16, 2, 500
_SLOTS = _THREADS + _FORKS
_TURNS = 20  # flights with slots of their own; the next goes on where the first has ended


def run(setting: Setting) -> Result:
    """Fly, end in each way in turn, and drain with one flight at the end of all."""
    made: Counter[str] = Counter()
    loss_of = AcceptedNumbers(setting.folder / "accepted")
    spool, accepted = str(setting.folder / "spool"), str(setting.folder / "accepted")
    with RecordingServer() as server:
        for number in range(setting.times):
            ending = _ENDINGS[number % len(_ENDINGS)]
            forks = _FORKS if number % 2 else 0
            orders = Orders(
                uri=server.uri,
                spool=spool,
                accepted=accepted,
                slot=number % _TURNS * _SLOTS,
                first=_EACH * (number // _TURNS),
                count=_EACH,
                pace=0,
                threads=_THREADS,
                forks=forks,
                ending=ending,
            )
            fly(orders)
            made[ending] += 1
            setting.step()
        fly(Orders(uri=server.uri, spool=spool, accepted=accepted, slot=_TURNS * _SLOTS, count=1))
        loss = compare(loss_of.counts(), server.delivered)
    told = ", ".join(f"{ending} {count}" for ending, count in made.items())
    return Result.of(loss, f"{_THREADS} threads each, two children in every other; {told}")
