"""What the Rust bindings are told about the flow, and the values of one row as `send` takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sift_stream_bindings as rust

from benchmarks.clients.job import Job
from benchmarks.clients.rows import NOSTROMO

__all__ = ["form_of", "pairs_maker"]

_STATES = ("Accelerating", "Decelerating", "Stopped")
_BITS = (("12v", 0, 1), ("charge", 1, 2), ("led", 3, 4), ("heater", 7, 1))


def form_of(job: Job) -> rust.IngestionConfigFormPy:
    """Return the ingestion config."""
    channels = _vehicle() if job.work == NOSTROMO else [_double(f"c{number}") for number in range(job.channels)]
    return rust.IngestionConfigFormPy("rover", "benchmark", [rust.FlowConfigPy("readings", channels)])


def _double(name: str) -> rust.ChannelConfigPy:
    return rust.ChannelConfigPy(name, "", "", rust.ChannelDataTypePy.Double, [], [])


def _vehicle() -> list[rust.ChannelConfigPy]:
    types = rust.ChannelDataTypePy
    states = [rust.ChannelEnumTypePy(name, key) for key, name in enumerate(_STATES)]
    bits = [rust.ChannelBitFieldElementPy(*bit) for bit in _BITS]
    return [
        _double("mainmotor.velocity"),
        rust.ChannelConfigPy("voltage", "", "", types.Int32, [], []),
        rust.ChannelConfigPy("vehicle_state", "", "", types.Enum, states, []),
        rust.ChannelConfigPy("gpio", "", "", types.BitField, [], bits),
    ]


def pairs_maker(job: Job) -> Callable[[Sequence[float]], list[rust.ChannelValuePy]]:
    """Return what turns a row into names with values."""
    pair, value = rust.ChannelValuePy, rust.ValuePy
    names = [f"c{number}" for number in range(job.channels)]

    def doubles(row: Sequence[float]) -> list[rust.ChannelValuePy]:
        return [pair(name, value.Double(number)) for name, number in zip(names, row)]  # noqa: B905  # speed: strict costs

    def vehicle(row: Sequence[float]) -> list[rust.ChannelValuePy]:
        velocity, voltage, state, v12, charge, led, heater = row
        return [
            pair("mainmotor.velocity", value.Double(velocity)),
            pair("voltage", value.Int32(voltage)),
            pair("vehicle_state", value.Enum(state)),
            pair("gpio", value.BitField([v12 | charge << 1 | led << 3 | heater << 7])),
        ]

    return vehicle if job.work == NOSTROMO else doubles
