"""flush(): what it waits for, for how long, and what it leaves behind."""

from __future__ import annotations

import math
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sift_runtime import BatchLimits

from .conftest import OpenSdk
from .flows import received, track, voltages
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish


def test_flush_waits_for_what_came_before_it_only(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(interval=math.inf))
    # The first batch goes because of the flush, so that what is tracked in the middle of it came after the flush.
    server.script_ingest(Answer(also=lambda: track(sdk, 2)), Answer(held=True))
    track(sdk, 1)
    report = finish(lambda: sdk.flush(None))
    assert (report.acknowledged_all, report.acknowledged, report.left) == (False, 1, 1)
    server.release()
    assert finish(lambda: sdk.flush(None)).acknowledged_all
    assert received(server) == [1, 2]


def test_flush_without_flows_returns_at_once(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    assert finish(lambda: open_sdk().flush(None)).acknowledged_all


@pytest.mark.parametrize("seconds", [math.inf, 1e12, threading.TIMEOUT_MAX])
def test_waits_may_be_as_long_as_one_likes(server: ScriptedServer, open_sdk: OpenSdk, seconds: float) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk(limits=BatchLimits(interval=seconds))
    track(sdk, 1)
    with ThreadPoolExecutor(3) as pool:
        flushed = pool.submit(sdk.flush, seconds)
        connected = pool.submit(sdk.connect, seconds)
        server.release()
        connected.result(DEADLINE)
        assert flushed.result(DEADLINE).acknowledged_all
        assert pool.submit(sdk.close, seconds).result(DEADLINE).acknowledged_all


class InterruptedFlightError(Exception):
    """What a signal's handler raises, as KeyboardInterrupt is."""


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="a signal cannot be sent to a thread on this system")
def test_flush_that_a_signal_ends_leaves_the_batches_as_they_were(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    def interrupt(*_: object) -> None:
        raise InterruptedFlightError

    def interrupt_flush() -> None:
        server.wait_for_read(1)  # the flush has begun: nothing else sends a batch
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    server.script_ingest(Answer(held=True))
    sdk = open_sdk(limits=BatchLimits(interval=math.inf))
    track(sdk, 1)
    before = signal.signal(signal.SIGUSR1, interrupt)
    thread = threading.Thread(target=interrupt_flush, daemon=True)
    thread.start()
    try:
        with pytest.raises(InterruptedFlightError):
            sdk.flush(DEADLINE)
    finally:
        thread.join(DEADLINE)
        signal.signal(signal.SIGUSR1, before)
    server.release()
    assert finish(sdk.flush).acknowledged_all
    track(sdk, 2)
    threading.Event().wait(0.02)  # time to send it, were it to go at once; what is asserted holds without, too
    track(sdk, 3)
    assert finish(sdk.flush).acknowledged_all
    assert [voltages(stream.messages) for stream in server.streams] == [[1], [2, 3]]
