"""What a client process is told, and what it answers: JSON in its argument and on its last line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Answer", "Job", "Skip", "answer"]

Answer = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One measurement: which path, on which work, how many flows, and the sink's two ports."""

    path: str
    work: str
    flows: int
    data_port: int
    control_port: int

    @property
    def address(self) -> str:
        """Host and port that flows go to."""
        return f"127.0.0.1:{self.data_port}"

    @property
    def channels(self) -> int:
        """How many double channels; 0 for the work that is not doubles."""
        return int(self.work) if self.work.isdigit() else 0


class Skip(Exception):  # noqa: N818  # not an error: the path does not exist here
    """Says why a path cannot be measured here."""


def answer(measure: Callable[[Job], Answer]) -> None:
    """Measure the job of the command line and print the answer."""
    job = Job(**json.loads(sys.argv[1]))
    try:
        result = measure(job)
    except Skip as reason:
        result = {"skipped": str(reason)}
    print(json.dumps(result))  # noqa: T201  # read by the process that started this one
