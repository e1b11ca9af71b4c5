"""What a user may write with generated flows."""

from __future__ import annotations

from typing import assert_type

from every_type_telemetry import ABitField, AnEnum, AnyFlow, MixedFlow, OptionalFlow, RequiredFlow
from nostromo_telemetry import Gpio, LogsFlow, ReadingsFlow, VehicleState

every = RequiredFlow(
    a_double=1.5,
    a_float=2.5,
    an_int32=-1,
    an_int64=-(2**63),
    a_uint32=1,
    a_uint64=2**64 - 1,
    a_bool=True,
    a_string="text",
    some_bytes=b"bytes",
    an_enum=AnEnum.Idle,
    a_bit_field=ABitField(valve=1, pressure=100),
)
assert_type(every.a_double, float)
assert_type(every.a_float, float)
assert_type(every.an_int32, int)
assert_type(every.an_int64, int)
assert_type(every.a_uint32, int)
assert_type(every.a_uint64, int)
assert_type(every.a_bool, bool)
assert_type(every.a_string, str)
assert_type(every.some_bytes, bytes)
assert_type(every.an_enum, AnEnum)
assert_type(every.a_bit_field, ABitField)
assert_type(every.a_bit_field.pressure, int)
assert_type(every.encode(), bytes)
assert_type(every.asdict(), dict[str, object])

# An int where a float is wanted, as everywhere in Python.
every.a_double = 2

# One object may serve a whole loop.
readings = ReadingsFlow(
    mainmotor_velocity=0,
    voltage=5,
    vehicle_state=VehicleState.Stopped,
    gpio=Gpio(_12v=1, charge=2, led=3, heater=0),
)
for step in range(3):
    readings.mainmotor_velocity = step / 10
    readings.voltage = step
    readings.vehicle_state = VehicleState(step)
    readings.gpio.led = step
    readings.encode()

# What is optional may be left out, be None, or have a value; it is checked all the same.
nothing = OptionalFlow()
some = OptionalFlow(a_double=1.0, an_enum=None)
some.a_double = None
assert_type(OptionalFlow().an_int32, int | None)
assert_type(OptionalFlow().an_enum, AnEnum | None)
assert_type(OptionalFlow().a_bit_field, ABitField | None)
mixed = MixedFlow(a_double=1.0, a_float=2.0, x=3.0, z=4.0, note="y is left out")

# All flows of a package have one base.
flows: list[AnyFlow] = [every, nothing, some, mixed]
kinds: tuple[type[AnyFlow], ...] = (RequiredFlow, OptionalFlow)

# Structs compare by value and come back from bytes.
assert_type(ABitField.unpack(ABitField(valve=1, pressure=2).pack()), ABitField)
assert_type(LogsFlow(log="x") == LogsFlow(log="x"), bool)
