"""A value of another type than its channel's, at construction and at assignment."""

from __future__ import annotations

from every_type_telemetry import ABitField, AnEnum, MixedFlow, OptionalFlow
from nostromo_telemetry import Gpio, LogsFlow, VehicleState, VoltageFlow

# OptionalFlow has every type, and nothing else needs to be given.
OptionalFlow(a_double="1.0")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_float="1.0")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(an_int32=1.0)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(an_int64=1.0)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_uint32=1.0)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_uint64="1")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_bool=1)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_string=b"text")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(some_bytes="text")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(an_enum=7)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(an_enum="Idle")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(an_enum=VehicleState.Stopped)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_bit_field=b"\x01")  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_bit_field=1)  # error: mypy=arg-type pyright=reportArgumentType
OptionalFlow(a_bit_field=Gpio(_12v=1, charge=2, led=3, heater=0))  # error: mypy=arg-type pyright=reportArgumentType

# None where a value is required
LogsFlow(log=None)  # error: mypy=arg-type pyright=reportArgumentType
VoltageFlow(voltage=None)  # error: mypy=arg-type pyright=reportArgumentType
MixedFlow(a_double=1.0, a_float=2.0, x=None, z=4.0, note="")  # error: mypy=arg-type pyright=reportArgumentType

# the same, assigned
logs = LogsFlow(log="x")
logs.log = 1  # error: mypy=assignment pyright=reportAttributeAccessIssue
logs.log = None  # error: mypy=assignment pyright=reportAttributeAccessIssue
voltage = VoltageFlow(voltage=1)
voltage.voltage = 1.5  # error: mypy=assignment pyright=reportAttributeAccessIssue
some = OptionalFlow()
some.an_enum = VehicleState.Stopped  # error: mypy=assignment pyright=reportAttributeAccessIssue
some.a_bit_field = b"\x01"  # error: mypy=assignment pyright=reportAttributeAccessIssue
bits = ABitField(valve=0, pressure=1)
bits.valve = "on"  # error: mypy=assignment pyright=reportAttributeAccessIssue
bits.valve = None  # error: mypy=assignment pyright=reportAttributeAccessIssue

# what an optional channel holds may be None
print(some.a_double + 1.0)  # error: mypy=operator pyright=reportOptionalOperand
print(AnEnum.Idle.label)  # error: mypy=attr-defined pyright=reportAttributeAccessIssue
