"""`sift-receiver` as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from .client import DEADLINE, Client

__all__ = ["COMMAND", "ReceiverProcess", "running"]

COMMAND = (sys.executable, "-m", "sift_receiver")


class ReceiverProcess:
    """A started receiver; `first_line` is what it printed once it served."""

    def __init__(self, process: subprocess.Popen[str], first_line: str) -> None:
        self.process = process
        self.first_line = first_line

    @property
    def address(self) -> str:
        return self.first_line.split("://")[1].strip()

    @contextmanager
    def client(self, key: str | None = None) -> Iterator[Client]:
        with grpc.insecure_channel(self.address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            yield Client(channel, key)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Stop gracefully; returns the exit code and what else came out and what went wrong."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, out, err


@contextmanager
def running(store: Path, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[ReceiverProcess]:
    """Start `sift-receiver --port 0 --store …`, wait until it says that it serves, and make sure that it ends."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--store", str(store), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | (environment or {}),
    )
    watchdog = threading.Timer(2 * DEADLINE, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield ReceiverProcess(process, line)
    finally:
        watchdog.cancel()
        process.kill()
        process.wait(DEADLINE)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
