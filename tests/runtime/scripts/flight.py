"""Flights that end in uncommon ways: `flight.py WAY URI`; each way is a function of this name."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import sys
import threading
from dataclasses import replace
from importlib.abc import MetaPathFinder
from pathlib import Path

from sift_runtime import BatchLimits, Sdk, SdkClosedError, SdkGroup, SettingsError, Stats
from vehicle_telemetry import TELEMETRY, AnyFlow, VoltageColumns, VoltageFlow

# An interval that never ends: only a close at exit sends what is tracked.
KEPT = BatchLimits(interval=3600.0)
INTERRUPTIONS = 500
CHILD_SECONDS = float(os.environ.get("FLIGHT_CHILD_SECONDS", "30"))


def start(uri: str) -> Sdk[AnyFlow]:
    return Sdk(TELEMETRY, uri=uri, api_key="key", limits=KEPT)


def report(status: int, sdk: Sdk[AnyFlow]) -> None:
    sys.stdout.write(f"child {os.waitstatus_to_exitcode(status)} parent {sdk.stats.acknowledged}")


def tell_ledger(stats: Stats) -> None:
    sys.stdout.write(f"{stats.tracked} {stats.acknowledged} {stats.dropped} {stats.in_spool}")


def forgotten(uri: str) -> None:
    """Let go of the Sdk before the end, as a function does that has it in a local variable."""
    sdk = start(uri)
    for number in range(100):
        sdk.track(VoltageFlow(voltage=number))
    del sdk
    gc.collect()


def uncaught(uri: str) -> None:
    """End by an exception."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    raise RuntimeError("the flight has ended")


def inner_exit(uri: str) -> None:
    """End by sys.exit in the middle."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    sys.exit(3)


def forked(uri: str) -> None:
    """Track before and after a fork, in both processes."""
    with start(uri) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        sdk.connect(30)
        sdk.track(VoltageFlow(voltage=2))  # still queued while forking
        child = os.fork()
        if child == 0:
            assert sdk.stats.tracked == 0
            sdk.track(VoltageFlow(voltage=10))
            os._exit(0 if sdk.close(CHILD_SECONDS).acknowledged_all else 1)
        _, status = os.waitpid(child, 0)
        sdk.track(VoltageFlow(voltage=3))
    report(status, sdk)


def forked_idle(uri: str) -> None:
    """Fork a child that never tracks and ends in the common way, its exit handlers included."""
    with start(uri) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        sdk.connect(30)
        child = os.fork()
        if child == 0:
            sys.exit(0)
        _, status = os.waitpid(child, 0)
    report(status, sdk)


def forked_while_closing(uri: str) -> None:
    """Fork while another thread is in close(), which the server's silence holds up, and close in the child too."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    sdk.connect(30)
    threading.Thread(target=sdk.close, args=(CHILD_SECONDS,), daemon=True).start()
    with contextlib.suppress(SdkClosedError):
        while True:
            sdk.track(VoltageFlow(voltage=2))
    child = os.fork()
    if child == 0:
        signal.alarm(int(CHILD_SECONDS))  # ends a child that hangs
        sdk.close()
        os._exit(sdk.stats.tracked)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"child {os.waitstatus_to_exitcode(status)}")
    sys.stdout.flush()
    os._exit(0)


def forked_while_importing(uri: str) -> None:
    """Track and fork while the sender imports what it ships with; the child imports it, too."""
    importing, forking, imported = threading.Event(), threading.Event(), threading.Event()

    class Waiting(MetaPathFinder):
        """Finds nothing itself, and has the import wait for the fork."""

        def find_spec(self, fullname: str, *_: object) -> None:
            if fullname == "sift_runtime._curl_transport" and not forking.is_set():
                importing.set()
                forking.wait(CHILD_SECONDS)
                imported.set()

    sys.meta_path.insert(0, Waiting())
    os.register_at_fork(before=forking.set)
    with start(uri) as sdk:
        importing.wait(CHILD_SECONDS)
        sdk.track(VoltageFlow(voltage=1))
        assert not imported.is_set(), "track() has waited for the sender"
        child = os.fork()
        if child == 0:
            signal.alarm(int(CHILD_SECONDS))  # ends a child that hangs
            sdk.track(VoltageFlow(voltage=10))
            os._exit(0 if sdk.close(CHILD_SECONDS / 2).acknowledged_all else 1)
        _, status = os.waitpid(child, 0)
    report(status, sdk)


def interrupted(uri: str) -> None:
    """Track while the handler of a signal raises in the middle of it again and again, as Ctrl-C does once."""
    sdk = Sdk(TELEMETRY, uri=uri, api_key="key", spool_bytes=20_000)
    sdk.connect(30)
    armed = False

    def interrupt(*_: object) -> None:
        nonlocal armed
        if armed:
            armed = False
            raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    calls = returned = interruptions = 0
    while interruptions < INTERRUPTIONS:
        calls += 1
        try:
            armed = True
            sdk.track(VoltageFlow(voltage=calls))
            returned += 1
            armed = False
        except KeyboardInterrupt:
            interruptions += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    sdk.close(30)
    stats = sdk.stats
    assert returned <= stats.tracked <= calls
    tell_ledger(stats)


def interleaved(uri: str) -> None:
    """Track columns while the handler of a signal tracks, too, and reads the ledger."""
    import numpy as np

    sdk = Sdk(TELEMETRY, uri=uri, api_key="key", spool_bytes=200_000, limits=BatchLimits(interval=0.01))
    sdk.connect(30)
    tracked = handled = 0
    busy = False

    def handle(*_: object) -> None:
        nonlocal tracked, handled, busy
        if busy:
            return
        busy = True
        for number in range(1 + handled % 20):
            sdk.track(VoltageFlow(voltage=number))
            tracked += 1
        handled += 1
        sdk.stats  # noqa: B018
        busy = False

    signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
    while handled < 20 * INTERRUPTIONS:
        sdk.track_columns(VoltageColumns(timestamp=np.arange(3), voltage=np.arange(3, dtype=np.int32)))
        tracked += 3
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    sdk.close(30)
    stats = sdk.stats
    assert stats.tracked == tracked, f"{stats.tracked} counted of {tracked}"
    tell_ledger(stats)


def interrupted_twice(uri: str) -> None:
    """Let Ctrl-C come again while close() waits for the sender to end; another thread waits for that close()."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    sdk.connect(30)
    ending = sdk._machinery.sender.stop

    def interrupted_stop() -> None:
        other.start()
        signal.raise_signal(signal.SIGINT)
        ending()

    other = threading.Thread(target=sdk.close, daemon=True)
    sdk._machinery.sender.stop = interrupted_stop  # type: ignore[method-assign]
    with contextlib.suppress(KeyboardInterrupt):
        sdk.close(0)
    other.join(CHILD_SECONDS)
    try:
        sdk.track(VoltageFlow(voltage=2))
    except SdkClosedError:
        sys.stdout.write(f"waiting {other.is_alive()}")


def closed_by_signal(uri: str) -> None:
    """Track until the handler of a signal closes, as at SIGTERM; then track again to see that it has."""
    sdk = Sdk(TELEMETRY, uri=uri, api_key="key", spool_bytes=20_000)
    sdk.connect(30)
    signal.signal(signal.SIGALRM, lambda *_: sdk.close(30))
    signal.setitimer(signal.ITIMER_REAL, float(os.environ["FLIGHT_SIGNAL_SECONDS"]))
    with contextlib.suppress(SdkClosedError):
        while True:
            sdk.track(VoltageFlow(voltage=1))
            sdk.stats  # noqa: B018  # takes the lock, too
    tell_ledger(sdk.stats)


def closed_while_closing(uri: str) -> None:
    """Close by the handler of a signal in the middle of a close that the server's silence holds up."""
    sdk = start(uri)
    sdk.track(VoltageFlow(voltage=1))
    sdk.connect(30)
    inner: list[int] = []
    signal.signal(signal.SIGALRM, lambda *_: inner.append(sdk.close(None).left))
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    while not inner:  # the signal may come before the close
        queued = sdk.close(1).left
    signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.write(f"inner {inner[0]} outer {queued}")


def multiprocessed(uri: str) -> None:
    """Track in a child of multiprocessing's, which ends without the exit's functions."""
    import multiprocessing

    sdk = start(uri)
    sdk.connect(30)
    child = multiprocessing.get_context("fork").Process(target=lambda: sdk.track(VoltageFlow(voltage=10)))
    child.start()
    child.join(CHILD_SECONDS)
    sdk.close()
    sys.stdout.write(f"child {child.exitcode}")


def without_a_spool_of_its_own(uri: str) -> None:
    """Fork a child that cannot make a directory, and have parent and child track in turn."""
    folder = Path(os.environ["FLIGHT_SPOOL"])
    sdk = Sdk(TELEMETRY, uri=uri, api_key="key", limits=KEPT, spool=folder)
    sdk.connect(30)
    child = os.fork()
    if child == 0:
        os.chdir("/")
        folder.rename(folder.with_name("away"))
        folder.write_text("no folder", "utf-8")
        refused = 0
        for _ in range(3):
            try:
                sdk.track(VoltageFlow(voltage=10))
            except SettingsError:
                refused += 1
        folder.unlink()
        folder.with_name("away").rename(folder)
        os._exit(refused)
    _, status = os.waitpid(child, 0)
    for number in range(5):
        sdk.track(VoltageFlow(voltage=number))
    sdk.close(30)
    report(status, sdk)


def idle_child_beside_what_is_left(uri: str) -> None:
    """Fork a child that never tracks where a dead process has left something; another process sends it."""
    folder = os.environ["FLIGHT_SPOOL"]
    parent = Sdk(TELEMETRY, uri=uri, api_key="key", limits=KEPT, spool=folder)
    left = os.fork()
    if left == 0:
        dead = Sdk(TELEMETRY, uri="http://127.0.0.1:1", api_key="key", limits=KEPT, spool=folder)
        dead.track(VoltageFlow(voltage=7))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(left, 0)
    idle = os.fork()
    if idle == 0:
        signal.pause()
    with Sdk(TELEMETRY, uri=uri, api_key="key", spool=folder) as other:
        sent = other.flush(CHILD_SECONDS).acknowledged
    os.kill(idle, signal.SIGKILL)
    os.waitpid(idle, 0)
    parent.close(0)
    sys.stdout.write(f"sent {sent}")


def grouped(uri: str) -> None:
    """Track for two packages that share a sender, before and after a fork, in both processes."""
    stand = replace(TELEMETRY, asset_name="Stand", client_key="stand")
    with SdkGroup(uri=uri, api_key="key") as group:
        sdks = [Sdk(telemetry, group=group, limits=KEPT) for telemetry in (TELEMETRY, stand)]
        for number, sdk in enumerate(sdks):
            sdk.connect(30)
            sdk.track(VoltageFlow(voltage=number))  # still queued while forking
        child = os.fork()
        if child == 0:
            for number, sdk in enumerate(sdks):
                sdk.track(VoltageFlow(voltage=10 + number))
            tell_group("child", group)
            os._exit(0)
        os.waitpid(child, 0)
        tell_group("parent", group)


def tell_group(whose: str, group: SdkGroup) -> None:
    senders = sum(thread.name == "sift-sender" for thread in threading.enumerate())
    sys.stdout.write(f"{whose}: {group.flush(CHILD_SECONDS).acknowledged} acknowledged, {senders} sender\n")
    sys.stdout.flush()


def main() -> None:
    """Fly the way that is named."""
    logging.basicConfig(format="%(levelname)s %(message)s")
    names = [forgotten, uncaught, inner_exit, interrupted, forked, forked_idle, forked_while_closing]
    names += [forked_while_importing, multiprocessed, without_a_spool_of_its_own, idle_child_beside_what_is_left]
    names += [closed_by_signal, closed_while_closing, interleaved, interrupted_twice, grouped]
    ways = {way.__name__: way for way in names}
    ways[sys.argv[1]](sys.argv[2])


if __name__ == "__main__":
    main()
