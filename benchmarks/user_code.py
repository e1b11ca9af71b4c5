"""The flight code of a work: the loops that a user of a generated package would write, as a module of Python text.

Written out and not looped over fields, because typed fields have names: this is what typed code looks like.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["UserCode", "doubles", "vehicle"]

_TEMPLATE = """
from itertools import islice
from time import time_ns

from {package} import {imports}, TELEMETRY

__all__ = ["TELEMETRY", "construct", "fill", "prepared", "track_fresh", "track_many", "track_reused"]


def prepared(rows):
    return [({prepared},) for ({names},) in rows]


def construct(rows):
    for ({names},) in rows:
        flow = {flow}({arguments})
    return flow


def fill(flow, rows):
    for ({targets},) in rows:
        pass


def track_fresh(track, rows):
    for ({names},) in rows:
        track({flow}({arguments}))


def track_reused(track, flow, rows):
    for ({targets},) in rows:
        track(flow)


def refilled(flow, rows):
    for ({targets},) in rows:
        yield flow


def track_many(track_many, flow, lists):
    for rows in lists:
        track_many(refilled(flow, rows), islice(iter(time_ns, None), len(rows)))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCode:
    """What differs from work to work: names of a row's values, and where each goes."""

    package: str
    imports: str
    names: tuple[str, ...]
    prepared: tuple[str, ...]
    arguments: str
    targets: tuple[str, ...]

    def text(self) -> str:
        """Return the module."""
        return _TEMPLATE.lstrip().format(
            package=self.package,
            imports=self.imports,
            names=", ".join(self.names),
            prepared=", ".join(self.prepared),
            arguments=self.arguments,
            targets=", ".join(self.targets),
            flow="ReadingsFlow",
        )


def doubles(package: str, channels: int) -> UserCode:
    """Return the code for a flow of so many double channels."""
    names = tuple(f"c{number}" for number in range(channels))
    return UserCode(
        package=package,
        imports="ReadingsFlow",
        names=names,
        prepared=names,
        arguments=", ".join(f"{name}={name}" for name in names),
        targets=tuple(f"flow.{name}" for name in names),
    )


def vehicle(package: str) -> UserCode:
    """Return the code for flow `readings` of examples/vehicle.yaml: double, int32, enum, bit field."""
    names = ("velocity", "voltage", "state", "v12", "charge", "led", "heater")
    gpio = "Gpio(_12v=v12, charge=charge, led=led, heater=heater)"
    fields = ("mainmotor_velocity", "voltage", "vehicle_state", "gpio._12v", "gpio.charge", "gpio.led", "gpio.heater")
    return UserCode(
        package=package,
        imports="Gpio, ReadingsFlow, VehicleState",
        names=names,
        prepared=("velocity", "voltage", "VehicleState(state)", *names[3:]),
        arguments=f"mainmotor_velocity=velocity, voltage=voltage, vehicle_state=state, gpio={gpio}",
        targets=tuple(f"flow.{field}" for field in fields),
    )
