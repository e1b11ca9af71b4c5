"""The processes of a row: flights, receivers, and what the official clients fly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from faults.flight import Orders

__all__ = ["ENVIRONMENT", "ROOT", "ReceiverProcess", "fly", "flying", "kill"]

ROOT: Final = Path(__file__).parents[1]
ENVIRONMENT: Final = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "examples" / "generated"))),
    "GRPC_ENABLE_FORK_SUPPORT": "1",
}
_PATIENCE: Final = 120.0


@contextmanager
def flying(orders: Orders, *prefix: str) -> Iterator[subprocess.Popen[str]]:
    """Start a flight, wait until it tracks, and end it with the block, however it is then."""
    command = [*prefix, sys.executable, "-m", "faults.flight", json.dumps(asdict(orders))]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            if _output(process).readline() != "go\n":
                raise RuntimeError(f"the flight did not begin: {process.communicate()[1]}")
            yield process
        finally:
            kill(process)
            with suppress(ProcessLookupError):  # children that it has left, where it failed
                os.killpg(process.pid, signal.SIGKILL)


def fly(orders: Orders, *prefix: str) -> dict[str, Any]:
    """Fly to the end; returns what the flight says of its ledger, if it says anything."""
    with flying(orders, *prefix) as process:
        printed, problems = process.communicate(timeout=_PATIENCE)
        if orders.ending == "close" and process.returncode:
            raise RuntimeError(f"the flight failed: {problems}")
    ledger: dict[str, Any] = json.loads(printed.splitlines()[-1]) if printed.strip() else {}
    return ledger


def kill(process: subprocess.Popen[str]) -> None:
    """Kill -9, and wait until it is gone."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


class ReceiverProcess:
    """The real receiver, which acknowledges what it has committed, as a process that may be killed."""

    def __init__(self, store: Path) -> None:
        """Start it on a port of its own; the next start is on the same."""
        self.store = store
        self.port = 0
        self.process = self._started()

    @property
    def uri(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def restart(self) -> None:
        """Start it again after it was killed."""
        self.process = self._started()

    def stop(self) -> None:
        """End it in good order, so that its store can be read."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_PATIENCE)

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "sift_receiver", "--port", str(self.port), "--store", str(self.store)]
        process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        line = _output(process).readline()
        if not line.startswith("listening on "):
            raise RuntimeError(f"the receiver did not start: {line!r}")
        self.port = int(line.strip().rsplit(":", 1)[1])
        return process


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout
