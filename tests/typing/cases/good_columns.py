"""What a user may write with generated columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from every_type_telemetry import ABitFieldElementColumns, AnEnum, AnyFlow, OptionalColumns, RequiredColumns
from sift_runtime import Columns

integers = np.arange(3)
reals: npt.NDArray[np.float64] = np.linspace(0.0, 1.0, 3)
small: npt.NDArray[np.float32] = reals.astype(np.float32)
bools: npt.NDArray[np.bool_] = reals > 0.5
objects: npt.NDArray[np.object_] = np.array([None, "x", "y"], dtype=object)
moments: npt.NDArray[np.datetime64] = integers.astype("datetime64[ms]")

every = RequiredColumns(
    timestamp=integers,
    a_double=reals,
    a_float=small,
    an_int32=integers,
    an_int64=integers,
    a_uint32=integers.astype(np.uint8),
    a_uint64=integers.astype(np.uint64),
    a_bool=bools,
    a_string=["a", "b", "c"],
    some_bytes=[b"a", b"b", b"c"],
    an_enum=integers,
    a_bit_field=ABitFieldElementColumns(valve=bools, pressure=integers),
)
every.timestamp = moments
every.a_double = integers
every.a_float = reals
every.an_enum = [AnEnum.Off, AnEnum.Idle, AnEnum.Full]
every.a_string = np.array(["a", "b", "c"])
every.some_bytes = objects

# Optional channels: no column at all, a masked one, or None in a list.
OptionalColumns(timestamp=moments)
OptionalColumns(timestamp=moments, a_double=None, a_string=["a", None], some_bytes=[None], an_enum=[AnEnum.Off, None])
OptionalColumns(timestamp=moments, a_double=np.ma.MaskedArray(reals, bools))

base: Columns[AnyFlow] = every
