"""Columns of another kind than their channels, missing ones and unknown ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from every_type_telemetry import ABitFieldElementColumns, AnEnum, OptionalColumns
from nostromo_telemetry import GpioElementColumns, LogsColumns, VehicleState, VoltageColumns

integers: npt.NDArray[np.int64] = np.arange(3)
reals: npt.NDArray[np.float64] = np.linspace(0.0, 1.0, 3)
bools: npt.NDArray[np.bool_] = reals > 0.5
now = integers

OptionalColumns(timestamp=reals)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=None)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=1_700_000_000)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, a_double=bools)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, a_double=[1.0])  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, an_int32=reals)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, a_uint64=bools)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, a_bool=integers)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, a_string=[b"x"])  # error: mypy=list-item pyright=reportArgumentType
OptionalColumns(timestamp=now, some_bytes="text")  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, an_enum=reals)  # error: mypy=arg-type pyright=reportArgumentType
OptionalColumns(timestamp=now, an_enum=[VehicleState.Stopped])  # error: mypy=list-item pyright=reportArgumentType
OptionalColumns(timestamp=now, a_bit_field=integers)  # error: mypy=arg-type pyright=reportArgumentType
ABitFieldElementColumns(valve=reals, pressure=integers)  # error: mypy=arg-type pyright=reportArgumentType
ABitFieldElementColumns(valve=bools)  # error: mypy=call-arg pyright=reportCallIssue
gpio = GpioElementColumns(_12v=bools, charge=integers, led=integers, heater=bools)
OptionalColumns(timestamp=now, a_bit_field=gpio)  # error: mypy=arg-type pyright=reportArgumentType
VoltageColumns(timestamp=now)  # error: mypy=call-arg pyright=reportCallIssue
VoltageColumns(voltage=integers)  # error: mypy=call-arg pyright=reportCallIssue
VoltageColumns(timestamp=now, voltage=None)  # error: mypy=arg-type pyright=reportArgumentType
VoltageColumns(now, integers)  # error: mypy=call-arg pyright=reportCallIssue
LogsColumns(timestamp=now, log=["x"], level=integers)  # error: mypy=call-arg pyright=reportCallIssue
logs = LogsColumns(timestamp=now, log=["x", "y", "z"])
logs.lgo = ["x"]  # error: mypy=attr-defined pyright=reportAttributeAccessIssue
logs.log = [None]  # error: mypy=list-item pyright=reportAttributeAccessIssue
logs.log = [AnEnum.Idle]  # error: mypy=list-item pyright=reportAttributeAccessIssue
