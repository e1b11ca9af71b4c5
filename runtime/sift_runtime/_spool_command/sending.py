"""`sift-spool send`: deliver what processes that are gone have left, by what the runtime delivers with."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sift_runtime._connection import ConnectionSettings, connection_from
from sift_runtime._generation import Generation
from sift_runtime._machinery import Machinery
from sift_runtime._origin import Origin
from sift_runtime._sender_host import SenderHost
from sift_runtime._spool.opening import open_left
from sift_runtime._spool_command.directories import SpoolDirectory, find_directories
from sift_runtime._spool_command.progress import Progress

__all__ = ["send_all"]

_LOOK_SECONDS: Final = 0.5
_FINE, _FINDINGS, _LEFT = 0, 1, 3


def send_all(directory: Path, uri: str | None, ca_certificate: Path | None, timeout: float) -> int:
    """Send until nothing is left or the time is over; returns the exit status. The key comes from SIFT_API_KEY.

    Raises SettingsError where the connection is not described, or a living process has the directory.
    """
    connection = connection_from(
        ConnectionSettings(
            uri=uri,
            api_key=None,
            ca_certificate=ca_certificate,
            request_timeout=30.0,
            transport=None,
            compression="none",
        )
    )
    found = find_directories(directory)
    whole = sum(sum(_left(each)) for each in found if not each.is_owned)
    for each in found:
        if each.is_owned:
            sys.stderr.write(f"sift-spool: {each.path} is in use by a living process, which sends what is in it\n")
    host = SenderHost(connection)
    spool = open_left(directory, Generation(Origin(client_key=""), {}, {}, ()), host.thread.monitor)
    machinery = Machinery.without_package(spool, host)
    machinery.start()
    try:
        return _wait(machinery, whole, timeout)
    finally:
        machinery.stop()
        spool.end()


def _left(directory: SpoolDirectory) -> Iterator[int]:
    """Yield how many readings are left in each segment."""
    for segment in directory.segments():
        yield segment.left().total()


def _wait(machinery: Machinery, whole: int, timeout: float) -> int:
    """Wait for the end, and tell how far it is."""
    spool, done = machinery.spool, threading.Event()

    def wait() -> None:
        spool.wait_until_settled(timeout)
        done.set()

    threading.Thread(target=wait, daemon=True).start()
    progress = Progress("send", whole)
    while not done.wait(_LOOK_SECONDS):
        progress.at(machinery.stats().acknowledged)
    progress.end()
    stats, error = machinery.stats(), machinery.sender.condition.last_error
    left = max(0, whole - stats.acknowledged - stats.rejected)
    sys.stdout.write(f"{stats.acknowledged:,} acknowledged, {stats.rejected:,} rejected, {left:,} left\n")
    if left:
        sys.stderr.write(f"sift-spool: {error or 'the time is over'}\n")
        return _LEFT
    return _FINDINGS if stats.rejected or stats.damaged else _FINE
