"""Flows for tests, and what the server got, read back as the numbers that were tracked."""

from __future__ import annotations

from sift_runtime import Sdk
from sift_runtime.messages import ingest_pb2 as ingest
from vehicle_telemetry import AnyFlow, VoltageFlow

from .scripted_server import ScriptedServer

__all__ = ["BIG", "received", "track", "voltages"]

BIG = 2**40  # does not fit the voltage, an int32


def track(sdk: Sdk[AnyFlow], *numbers: int) -> None:
    """Track one voltage after the other."""
    for number in numbers:
        sdk.track(VoltageFlow(voltage=number))


def voltages(messages: list[bytes]) -> list[int]:
    """Return the voltages that raw requests carry."""
    parsed = (ingest.IngestWithConfigDataStreamRequest.FromString(message) for message in messages)
    return [request.channel_values[0].int32 for request in parsed]


def received(server: ScriptedServer) -> list[int]:
    """Return the voltages that were acknowledged, in the order of their arrival."""
    return [request.channel_values[0].int32 for request in server.acknowledged]
