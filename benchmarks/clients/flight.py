"""The generated package of a work, the flight code that uses it, and an Sdk for it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

from benchmarks.clients.job import Job
from benchmarks.clients.rows import NOSTROMO, Row, rows_of
from sift_runtime import Sdk
from sift_runtime._settings import TransportName

__all__ = ["Flight", "open_sdk"]

# Holds all flows of a stretch: nothing is dropped where tracking outruns sending.
_SPOOL_BYTES: Final = 1024 * 1024 * 1024
_ON_DISK: Final = Path(__file__).parents[2] / "build/bench"


@dataclass(frozen=True, slots=True)
class Flight:
    """What is imported for a work; both modules are made by benchmarks.works before a run."""

    package: ModuleType
    code: Any
    rows: list[Row]

    @classmethod
    def of(cls, job: Job) -> Flight:
        """Import what belongs to the job's work."""
        name = "vehicle_telemetry" if job.work == NOSTROMO else f"doubles_{job.work}"
        code: Any = importlib.import_module(f"{name}_flight")
        return cls(importlib.import_module(name), code, code.prepared(rows_of(job)))

    @property
    def telemetry(self) -> Any:
        """The package's registration data."""
        return self.code.TELEMETRY


@contextmanager
def open_sdk(
    telemetry: Any, job: Job, *, transport: TransportName | None = None, on_disk: bool = False
) -> Iterator[Sdk[Any]]:
    """Open an Sdk on the sink, its spool in memory or in a directory of its own."""
    with ExitStack() as stack:
        spool = stack.enter_context(TemporaryDirectory(dir=_ON_DISK, prefix="spool-")) if on_disk else None
        yield stack.enter_context(
            Sdk(
                telemetry,
                uri=f"http://{job.address}",
                api_key="key",
                spool=spool,
                spool_bytes=_SPOOL_BYTES,
                transport=transport,
            )
        )
