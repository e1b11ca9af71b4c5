"""One measurement: from the first call to the moment the sink has counted every message. Standard library only."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.clients.job import Answer, Job

__all__ = ["Meter", "SinkControl", "Tally", "peak_bytes"]

_PATIENCE: Final = 120.0  # seconds: a path that lost a message must not hold up the whole run


@dataclass(frozen=True, slots=True)
class Tally:
    """What the sink has counted; times are those of time.perf_counter_ns."""

    messages: int
    bytes: int
    streams: int
    first_ns: int
    reached_ns: int
    cpu_us: int


class SinkControl:
    """The sink's control port."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self._answers = self._socket.makefile("r")

    def ask(self, line: str) -> str:
        """Send one line and return the answer; raises TimeoutError where none comes."""
        self._socket.sendall(line.encode() + b"\n")
        return self._answers.readline().strip()

    def tally(self, line: str) -> Tally:
        """Send a line that is answered with the counts."""
        return Tally(*map(int, self.ask(line).split()))


class Meter:
    """Measures one stretch of sending."""

    def __init__(self, job: Job) -> None:
        """Connect to the sink's control port."""
        self.control = SinkControl(job.control_port)
        self._flows = 0

    def expect(self, flows: int) -> None:
        """Count from here; the next stretch is so many flows."""
        self._flows = flows
        self._before = self.control.tally(f"reset {flows}")
        self._cpu = time.process_time_ns()
        self._started = time.perf_counter_ns()

    def wait(self) -> Tally:
        """Return once all flows are counted; raises RuntimeError with the counts where some never come."""
        try:
            return self.control.tally("wait")
        except TimeoutError:
            raise RuntimeError(f"not all of {self._flows} flows arrived within {_PATIENCE:g} s") from None

    def result(self) -> Answer:
        """Wait for the last flow and return the figures of the stretch."""
        after = self.wait()
        cpu_ns = time.process_time_ns() - self._cpu
        return {
            "flows": self._flows,
            "counted": after.messages,
            "seconds": (after.reached_ns - self._started) / 1e9,
            "client_cpu_seconds": cpu_ns / 1e9,
            "sink_cpu_seconds": (after.cpu_us - self._before.cpu_us) / 1e6,
            "bytes": after.bytes,
            "peak_bytes": peak_bytes(),
            "sample": self.control.ask("sample"),
        }


def peak_bytes() -> int:
    """Return this process's peak resident set.

    getrusage's ru_maxrss would not do: after fork and exec it starts with what the parent had.
    """
    (kibibytes,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kibibytes) * 1024
