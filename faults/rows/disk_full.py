"""A disk that fills up while flows are tracked: a tmpfs of one megabyte, or a limit to the size of files."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import grpc

from faults.flight import Orders
from faults.ledger import AcceptedNumbers, compare
from faults.processes import flying
from faults.row import Result, Setting
from faults.server import Ending, RecordingServer

__all__ = ["run"]

_COUNT = 60_000
_POLICIES = ("drop_oldest", "raise")  # neither may have to drop or refuse: there is memory for what the disk lacks
_SPOOL_BYTES = 8_000_000  # segments of half a megabyte
_TMPFS = ("unshare", "--mount", "--map-root-user", "sh", "-c")
_LIMIT = ("sh", "-c", 'ulimit -f 600; exec "$@"', "sh")


def run(setting: Setting) -> Result:
    """Fill the disk while the server is away; what was accepted arrives then, from disk and from memory."""
    logging.getLogger("sift_runtime").setLevel(logging.CRITICAL)
    accepted = AcceptedNumbers(setting.folder / "accepted")
    ways = _ways(setting.folder)
    unaccounted = 0
    with RecordingServer() as server:
        for number in range(setting.times):
            way, prefix = ways[number % len(ways)]
            server.ending = _slow_until(len(server.streams) + 2)
            spool = setting.folder / way
            orders = Orders(
                uri=server.uri,
                spool=str(spool),
                accepted=str(setting.folder / "accepted"),
                slot=number,
                count=_COUNT,
                pace=0,
                settings={"spool_bytes": _SPOOL_BYTES, "when_full": _POLICIES[number // len(ways) % len(_POLICIES)]},
            )
            with flying(orders, *prefix) as process:
                printed, problems = process.communicate(timeout=120)
            if process.returncode:
                return Result(
                    kept=False, figure=f"{way}: the flight ended with {process.returncode}: {problems[-500:]}"
                )
            unaccounted += '"unaccounted": 0' not in printed
            setting.step()
        loss = compare(accepted.counts(), server.delivered)
    named = " and ".join(way for way, _ in ways)
    return Result.of(loss, f"by {named}; no flight ended by a signal or an error", kept=not unaccounted)


def _ways(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Return how a disk can be made to fill up here; a tmpfs needs namespaces."""
    ways: list[tuple[str, tuple[str, ...]]] = [("a limit of 300 kB to files", _LIMIT)]
    mounted = folder / "a tmpfs of 1 MB"
    mounted.mkdir()
    script = f"mount -t tmpfs -o size=1m tmpfs '{mounted}' && exec \"$@\""
    tried = shutil.which("unshare") and subprocess.run(
        [*_TMPFS, script, "sh", "true"], capture_output=True, check=False
    )
    if tried and tried.returncode == 0:
        ways.append((mounted.name, (*_TMPFS, script, "sh")))
    return ways


def _slow_until(stream: int) -> Callable[[int], Ending]:
    away = Ending(code=grpc.StatusCode.UNAVAILABLE, read=0, seconds=0.5)
    return lambda number: away if number < stream else Ending()
