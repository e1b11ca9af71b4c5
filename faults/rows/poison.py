"""One message among ten thousand that the server refuses for good."""

from __future__ import annotations

import logging
import random

from faults.ledger import compare
from faults.row import Result, Setting
from faults.server import RecordingServer
from sift_runtime import BatchLimits, Sdk
from sift_runtime._spool.dead_letters import read_dead_letters
from vehicle_telemetry import TELEMETRY, VoltageFlow

__all__ = ["run"]

_BATCH = 10_000
_MOST_STREAMS = 28  # 2 log2 n + 1


def run(setting: Setting) -> Result:
    """Send batches with one bad message each, at a random place."""
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    chance = random.Random(setting.times)
    bad = {number * _BATCH + chance.randrange(_BATCH) for number in range(setting.times)}
    most = 0
    with RecordingServer() as server:
        server.refuses = bad.__contains__
        limits = BatchLimits(messages=_BATCH, interval=3600)
        with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=setting.folder / "spool", limits=limits) as sdk:
            for number in range(setting.times):
                before = len(server.streams)
                for at in range(_BATCH):
                    sdk.track(VoltageFlow(voltage=number * _BATCH + at))
                sdk.flush(60)
                most = max(most, len(server.streams) - before)
                setting.step()
            unaccounted = sdk.stats.unaccounted
        arrived = server.delivered.slot(0)
        good = compare({0: setting.times * _BATCH}, server.delivered)
    files = list((setting.folder / "spool").rglob("dead-letters"))
    kept = {_number(letter.message) for file in files for letter in read_dead_letters(file)}
    lost = good.lost - len(bad)
    told = (
        f"{good.accepted:,} accepted, {good.accepted - good.lost:,} delivered, **{lost} good ones lost**, "
        f"{len(kept)} in the dead-letter file; at most {most} streams for a batch"
    )
    exact = kept == bad and not any(arrived[number] for number in bad)
    return Result(
        kept=not lost and exact and most <= _MOST_STREAMS and unaccounted == 0,
        figure=told,
        accepted=good.accepted,
        lost=lost,
    )


def _number(message: bytes) -> int:
    from sift_runtime.messages import ingest_pb2 as ingest  # noqa: PLC0415  # one use

    return ingest.IngestWithConfigDataStreamRequest.FromString(message).channel_values[0].int32
