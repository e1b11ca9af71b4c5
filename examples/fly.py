"""Fly a simulated vehicle for a while: what flight code looks like with a generated package.

SIFT_GRPC_URI=http://localhost:50051 SIFT_API_KEY=… python examples/fly.py --seconds 10
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable

from sift_runtime import Sdk
from vehicle_telemetry import (
    TELEMETRY,
    AnyFlow,
    Gpio,
    GpioChannelFlow,
    LogsFlow,
    ReadingsFlow,
    VehicleState,
    VoltageFlow,
)

RATE_HZ = 200

Progress = Callable[[float], None]
"""Told after each step which share of the flight is over, 0 to 1."""


def fly(sdk: Sdk[AnyFlow], seconds: float, progress: Progress = lambda share: None) -> None:
    """Track the vehicle's flows at 200 Hz for this long."""
    steps = int(seconds * RATE_HZ)
    started = time.monotonic()
    for step in range(steps):
        readings = simulate(step / RATE_HZ)
        sdk.track(readings)
        if step % 10 == 0:
            sdk.track(VoltageFlow(voltage=readings.voltage))
            sdk.track(GpioChannelFlow(gpio=readings.gpio))
        if step % RATE_HZ == 0:
            sdk.track(LogsFlow(log=f"t+{step // RATE_HZ} s: {readings.vehicle_state.name}"))
        progress((step + 1) / steps)
        time.sleep(max(0.0, started + (step + 1) / RATE_HZ - time.monotonic()))


def simulate(seconds: float) -> ReadingsFlow:
    """Return the vehicle's readings this long after the start."""
    speed = 60 * math.sin(seconds) ** 2
    state = VehicleState.Accelerating if math.sin(2 * seconds) > 0 else VehicleState.Decelerating
    return ReadingsFlow(
        mainmotor_velocity=speed,
        voltage=48 - round(speed / 10),
        vehicle_state=VehicleState.Stopped if speed < 1 else state,
        gpio=Gpio(_12v=1, charge=int(seconds) % 4, led=int(4 * seconds) % 16, heater=int(seconds % 2 > 1)),
    )


def main() -> None:
    """Fly against the server that the environment names."""
    parser = argparse.ArgumentParser(description="Fly a simulated vehicle.")
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds: float = parser.parse_args().seconds
    with Sdk(TELEMETRY) as sdk:
        fly(sdk, seconds)


if __name__ == "__main__":
    main()
