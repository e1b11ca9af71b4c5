"""SIGSTOP of the receiver until well after the deadline of its calls, then SIGCONT; and what track() took meanwhile."""

from __future__ import annotations

import logging
import signal
import time
from array import array

from faults.ledger import compare
from faults.processes import ReceiverProcess, kill
from faults.row import Result, Setting
from faults.rows.server_killed import stored
from sift_runtime import BatchLimits, Sdk
from vehicle_telemetry import TELEMETRY, AnyFlow, VoltageFlow

__all__ = ["run"]

_DEADLINE = 0.5
_FROZEN = 1.0
_EACH = 4_000
# A server that is frozen must not be felt: what else runs on the computer is, so there is slack.
_MOST_TIMES_SLOWER = 5.0
_SLACK_MICROSECONDS = 2_000.0


def run(setting: Setting) -> Result:
    """Freeze it again and again, while this process tracks."""
    receiver = ReceiverProcess(setting.folder / "store.duckdb")
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    times: dict[bool, array[int]] = {True: array("Q"), False: array("Q")}
    number = 0
    sdk: Sdk[AnyFlow] = Sdk(
        TELEMETRY,
        uri=receiver.uri,
        api_key="key",
        spool=setting.folder / "spool",
        request_timeout=_DEADLINE,
        limits=BatchLimits(interval=0.02),
    )
    try:
        for _ in range(setting.times):
            for frozen in (False, True):
                if frozen:
                    receiver.process.send_signal(signal.SIGSTOP)
                until = time.monotonic() + _FROZEN
                number = _track(sdk, number, times[frozen], until)
                if frozen:
                    receiver.process.send_signal(signal.SIGCONT)
            setting.step()
        report = sdk.flush(60)
        unaccounted = sdk.stats.unaccounted
    finally:
        receiver.process.send_signal(signal.SIGCONT)
        sdk.close(5)
        receiver.stop()
        kill(receiver.process)
    loss = compare({0: number}, stored(receiver))
    slow, quick = (_percentile(times[frozen]) / 1000 for frozen in (True, False))
    told = f"`track()` p99.9 {slow:.0f} µs while frozen, {quick:.0f} µs while not"
    is_quick = slow <= quick * _MOST_TIMES_SLOWER + _SLACK_MICROSECONDS
    return Result.of(loss, told, kept=report.acknowledged_all and unaccounted == 0 and is_quick)


def _track(sdk: Sdk[AnyFlow], number: int, times: array[int], until: float) -> int:
    flow, clock = VoltageFlow(voltage=0), time.perf_counter_ns
    while time.monotonic() < until:
        for _ in range(_EACH // 100):
            flow.voltage = number
            before = clock()
            sdk.track(flow)
            times.append(clock() - before)
            number += 1
        time.sleep(0.01)  # the pace of the flight
    return number


def _percentile(times: array[int]) -> int:
    return sorted(times)[int(len(times) * 0.999)]
