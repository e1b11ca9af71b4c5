"""NumPy columns of a work, as a data acquisition card would give them: new times for arrays that are there."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from benchmarks.clients.job import Job, Skip
from benchmarks.clients.rows import NOSTROMO, rows_of

__all__ = ["columns_maker"]

_STEP_NS: Final = 1000


def columns_maker(package: ModuleType, job: Job) -> Callable[[int], Any]:
    """Return what makes columns of so many rows; raises Skip where the package has none."""
    if not hasattr(package, "ReadingsColumns"):
        raise Skip("generated packages have no columns yet")
    import numpy as np  # noqa: PLC0415  # only this path needs it

    arrays = _vehicle_arrays(package, job) if job.work == NOSTROMO else _double_arrays(job)

    def make(count: int) -> Any:
        times = time.time_ns() + np.arange(count, dtype=np.int64) * _STEP_NS
        return package.ReadingsColumns(timestamp=times, **{name: _cut(array, count) for name, array in arrays.items()})

    return make


def _double_arrays(job: Job) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415  # as above

    table = np.tile(np.array(rows_of(job), dtype=np.float64), (10, 1)).T
    return {f"c{number}": np.ascontiguousarray(column) for number, column in enumerate(table)}


def _vehicle_arrays(package: ModuleType, job: Job) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415  # as above

    if not hasattr(package, "GpioElementColumns"):
        raise Skip("generated packages have no columns for bit fields yet")
    velocity, voltage, state, *bits = np.tile(np.array(rows_of(job), dtype=np.float64), (10, 1)).T
    elements = {name: bit.astype(np.uint8) for name, bit in zip(("_12v", "charge", "led", "heater"), bits, strict=True)}
    return {
        "mainmotor_velocity": np.ascontiguousarray(velocity),
        "voltage": voltage.astype(np.int32),
        "vehicle_state": state.astype(np.int32),
        "gpio": lambda count: package.GpioElementColumns(**{name: bit[:count] for name, bit in elements.items()}),
    }


def _cut(array: Any, count: int) -> Any:
    return array(count) if callable(array) else array[:count]
