"""kill -9 of the receiver in the middle of streams; it acknowledges only what it has committed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable

import duckdb

from faults.flight import Orders
from faults.ledger import AcceptedNumbers, DeliveredNumbers, compare
from faults.processes import ReceiverProcess, flying, kill
from faults.row import Result, Setting

__all__ = ["run", "stored"]

_PACE = 2_000


def run(setting: Setting) -> Result:
    """Kill the receiver while one flight goes on, which is never told."""
    accepted = AcceptedNumbers(setting.folder / "accepted")
    receiver = ReceiverProcess(setting.folder / "store.duckdb")
    chance = random.Random(setting.times)
    orders = Orders(
        uri=receiver.uri, spool=str(setting.folder / "spool"), accepted=str(setting.folder / "accepted"), pace=_PACE
    )
    try:
        with flying(orders):
            for _ in range(setting.times):
                time.sleep(chance.uniform(0.1, 0.5))  # the instant is what is random
                kill(receiver.process)
                receiver.restart()
                setting.step()
        drain = Orders(uri=receiver.uri, spool=orders.spool, accepted=orders.accepted, slot=1, count=1)
        with flying(drain) as process:
            process.wait(120)
        receiver.stop()
    finally:
        kill(receiver.process)
    return Result.of(compare(accepted.counts(), stored(receiver)))


def stored(receiver: ReceiverProcess) -> DeliveredNumbers:
    """Return the numbers that are in a receiver's store."""
    delivered = DeliveredNumbers()
    with duckdb.connect(str(receiver.store), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema from information_schema.tables where table_name = 'voltage'"
        ).fetchall()
        for (schema,) in tables:
            rows: Iterable[tuple[int]] = connection.execute(f'select voltage from "{schema}"."voltage"').fetchall()  # noqa: S608
            delivered.add(number for (number,) in rows)
    return delivered
