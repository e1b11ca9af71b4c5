"""A missing, an unknown and a wrongly passed channel; what cannot be done to a flow."""

from __future__ import annotations

from every_type_telemetry import ABitField, OptionalFlow
from nostromo_telemetry import Gpio, LogsFlow, ReadingsFlow, VehicleState, VoltageFlow

gpio = Gpio(_12v=1, charge=2, led=3, heater=0)
state = VehicleState.Stopped

# a missing channel
ReadingsFlow(mainmotor_velocity=1.0, vehicle_state=state, gpio=gpio)  # error: mypy=call-arg pyright=reportCallIssue
LogsFlow()  # error: mypy=call-arg pyright=reportCallIssue

# an unknown channel
LogsFlow(log="x", level=3)  # error: mypy=call-arg pyright=reportCallIssue
VoltageFlow(volts=5)  # error: mypy=call-arg pyright=reportCallIssue,reportCallIssue
OptionalFlow(a_duble=1.0)  # error: mypy=call-arg pyright=reportCallIssue

# positional
LogsFlow("x")  # error: mypy=call-arg pyright=reportCallIssue

# attributes that are no channels
logs = LogsFlow(log="x")
logs.lgo = "y"  # error: mypy=attr-defined pyright=reportAttributeAccessIssue
print(logs.text)  # error: mypy=attr-defined pyright=reportAttributeAccessIssue
del logs.level  # error: mypy=attr-defined pyright=reportAttributeAccessIssue

# a missing, an unknown, a wrongly typed and a positional element of a bit field
Gpio(_12v=1, charge=2, led=3)  # error: mypy=call-arg pyright=reportCallIssue
Gpio(_12v=1, charge=2, led=3, heater=0, fan=1)  # error: mypy=call-arg pyright=reportCallIssue
Gpio(_12v=1.0, charge=2, led=3, heater=0)  # error: mypy=arg-type pyright=reportArgumentType
ABitField(1, 100)  # error: mypy=call-arg pyright=reportCallIssue
gpio.fan = 1  # error: mypy=attr-defined pyright=reportAttributeAccessIssue

# an unknown label
print(VehicleState.Flying)  # error: mypy=attr-defined pyright=reportAttributeAccessIssue


class MyLogs(LogsFlow):  # error: mypy=misc pyright=reportGeneralTypeIssues
    """Flows are final."""


class MyGpio(Gpio):  # error: mypy=misc pyright=reportGeneralTypeIssues
    """So are bit fields."""


class MyState(VehicleState):  # error: mypy=misc pyright=reportGeneralTypeIssues
    """So is every enum that has members."""
