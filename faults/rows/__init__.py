"""The rows of the table, each in a module of its own."""

from __future__ import annotations

from typing import Final

from faults.row import Row
from faults.rows import (
    adopters,
    client_killed,
    damage,
    disk_full,
    endings,
    links,
    offline,
    outage,
    poison,
    server_frozen,
    server_killed,
    statuses,
)

__all__ = ["ROWS"]

ROWS: Final = (
    Row(
        name="client-killed",
        fault="kill -9 of the client at a random instant, restart, drain",
        promise="nothing that `track()` returned from is lost; at most one batch is sent twice for each kill",
        times=300,
        short=6,
        run=client_killed.run,
    ),
    Row(
        name="adopters",
        fault="four processes start at once on what a killed one has left",
        promise="exactly one adopts it: nothing lost, nothing sent twice",
        times=20,
        short=2,
        run=adopters.run,
    ),
    Row(
        name="server-killed",
        fault="kill -9 of the receiver mid-stream, restart; it acknowledges what it has committed",
        promise="nothing is lost",
        times=100,
        short=3,
        run=server_killed.run,
    ),
    Row(
        name="server-frozen",
        fault="server frozen (SIGSTOP) past the deadline, resumed",
        promise="nothing is lost, and `track()` does not notice",
        times=20,
        short=1,
        run=server_frozen.run,
    ),
    Row(
        name="links",
        fault="connection reset at a random byte, half-open, thin, answer lost, early OK, GOAWAY",
        promise="nothing is lost",
        times=100,
        short=10,
        run=links.run,
    ),
    Row(
        name="statuses",
        fault="each gRPC status, at the start and in the middle of a stream, with and without RetryInfo",
        promise="tried again, held or bisected, as the status asks; nothing is lost",
        times=64,
        short=16,
        run=statuses.run,
    ),
    Row(
        name="poison",
        fault="one message in a batch of 10,000 that the server refuses for good",
        promise="9,999 are delivered, 1 is in the dead-letter file, after at most 2 log2 n + 1 streams",
        times=20,
        short=1,
        run=poison.run,
    ),
    Row(
        name="damage",
        fault="a segment cut at every byte; every byte flipped in turn",
        promise="every whole record is recovered, none is invented, none altered",
        times=1,
        short=37,
        run=damage.run,
    ),
    Row(
        name="disk-full",
        fault="the disk fills up while flows are tracked",
        promise="data goes on in memory, within its bounds; no error, no signal, nothing lost",
        times=20,
        short=2,
        run=disk_full.run,
    ),
    Row(
        name="outage",
        fault="outage of 10 minutes' data at 10,000 flows/s, then drain",
        promise="nothing is lost, and memory grows by less than 20 MB",
        times=6_000_000,
        short=60_000,
        run=outage.run,
    ),
    Row(
        name="endings",
        fault="16 threads, forks under load; close, interpreter exit, exception, os._exit, SIGTERM",
        promise="nothing is lost, and no child sends what its parent has tracked",
        times=50,
        short=5,
        run=endings.run,
    ),
    Row(
        name="offline",
        fault="first boot offline, runs attached offline, link comes later",
        promise="every record arrives, under the right config and run",
        times=20,
        short=2,
        run=offline.run,
    ),
)
