"""Each gRPC status, at the start and in the middle of a stream, with and without RetryInfo."""

from __future__ import annotations

import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import any_pb2, duration_pb2

from faults.ledger import compare
from faults.row import Result, Setting
from faults.server import Ending, RecordingServer
from sift_runtime import BatchLimits, Sdk
from sift_runtime.messages import status_pb2
from vehicle_telemetry import TELEMETRY, VoltageFlow

__all__ = ["run"]

_CODES = [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]
_MESSAGES = 200
_REFUSED_SECONDS = 2.0
_AT_ONCE = 8
_C = grpc.StatusCode
_EXPECTED = {
    **dict.fromkeys((_C.UNAVAILABLE, _C.INTERNAL, _C.UNKNOWN, _C.ABORTED, _C.CANCELLED, _C.DATA_LOSS), "tried again"),
    **dict.fromkeys((_C.DEADLINE_EXCEEDED, _C.RESOURCE_EXHAUSTED), "tried again"),
    **dict.fromkeys((_C.INVALID_ARGUMENT, _C.OUT_OF_RANGE), "held"),  # all messages are refused: it is the schema
    _C.NOT_FOUND: "held",
}  # all others: held
_MOST_TRIES = 200  # of a row of refusals, bisected; what waits between tries needs far fewer
_MOST_TRIES_WAITING = 40


@dataclass(frozen=True, slots=True)
class _Case:
    code: grpc.StatusCode
    read: int
    retry_info: bool


def run(setting: Setting) -> Result:
    """Answer with each code for a while, then with OK."""
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    cases = [
        _Case(code, read, retry_info) for code in _CODES for read in (0, _MESSAGES // 2) for retry_info in (False, True)
    ][: setting.times]
    with ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(case: tuple[int, _Case]) -> tuple[str, int, int, int]:
            found = _run_one(setting.folder / str(case[0]), case[1])
            setting.step()
            return found

        found = list(pool.map(one, enumerate(cases)))
    lost = sum(each[1] for each in found)
    most = max(each[2] for each in found)
    kinds = Counter(f"{case.code.name} {each[0]}" for case, each in zip(cases, found, strict=True))
    by_reaction: dict[str, list[str]] = {}
    for kind in kinds:
        name, reaction = kind.split(" ", 1)
        by_reaction.setdefault(reaction, []).append(name)
    told = "; ".join(f"{reaction}: {', '.join(sorted(set(names)))}" for reaction, names in by_reaction.items())
    accepted = len(cases) * _MESSAGES
    rejected = sum(each[3] for each in found)
    counts = f"{accepted:,} accepted, **{lost} lost**, {rejected} in dead letters"
    figure = f"{counts}; {told}; at most {most} tries in {_REFUSED_SECONDS:g} s"
    wrong = [
        f"{case.code.name} {each[0]} after {each[2]} tries"
        for case, each in zip(cases, found, strict=True)
        if not _is_as_promised(case, each[0], each[2])
    ]
    figure += f"; not as promised: {', '.join(wrong)}" if wrong else ""
    return Result(kept=not wrong and lost == 0 and rejected == 0, figure=figure, accepted=accepted, lost=lost)


def _is_as_promised(case: _Case, reaction: str, tries: int) -> bool:
    """Tell whether a status had the reaction of the table in docs/spool.md, and no hammering."""
    is_refusal = case.code in (_C.INVALID_ARGUMENT, _C.OUT_OF_RANGE)
    most = _MOST_TRIES if is_refusal else _MOST_TRIES_WAITING
    return reaction == _EXPECTED.get(case.code, "held") and 0 < tries <= most


def _run_one(folder: Path, case: _Case) -> tuple[str, int, int, int]:
    """Return how the Sdk reacted, what was lost, how often it tried while refused, and what it rejected."""
    with RecordingServer() as server:
        until = time.monotonic() + _REFUSED_SECONDS
        details = _details(0.3) if case.retry_info else b""

        def ending(_: int) -> Ending:
            refused = time.monotonic() < until
            return Ending(code=case.code, read=case.read, retry_info=details) if refused else Ending()

        server.ending = ending
        settings: dict[str, Any] = {"api_key": "key", "spool": folder, "limits": BatchLimits(interval=0.01)}
        with Sdk(TELEMETRY, uri=server.uri, **settings) as sdk:
            for number in range(_MESSAGES):
                sdk.track(VoltageFlow(voltage=number))
            time.sleep(max(0.0, until - time.monotonic()))  # for as long as it is refused
            tries = len(server.streams)
            reaction = {"held": "held", "backing off": "tried again"}.get(sdk.stats.state, "bisected")
            if reaction == "held":
                sdk.update_credentials("key")  # as a user does who has mended what it was held for
            sdk.flush(60)
            rejected = sdk.stats.rejected
        loss = compare({0: _MESSAGES - rejected}, server.delivered) if not rejected else None
        return reaction, 0 if loss is None else loss.lost, tries, rejected


def _details(seconds: float) -> bytes:
    info = status_pb2.RetryInfo(retry_delay=duration_pb2.Duration(nanos=int(seconds * 1e9)))
    detail = any_pb2.Any(type_url="type.googleapis.com/google.rpc.RetryInfo", value=info.SerializeToString())
    return status_pb2.Status(details=[detail]).SerializeToString()
