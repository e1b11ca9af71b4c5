"""Configs of any size: flows of a hundred channels, of every common type, with an enum and a bit field in each flow."""

from __future__ import annotations

from typing import Final

__all__ = ["CHANNELS_PER_FLOW", "config_text"]

CHANNELS_PER_FLOW: Final = 100
_SCALARS: Final = ("double", "float", "int32", "uint64", "bool", "string")
_LABELS: Final = "[{name: Off, key: 0}, {name: Standby, key: 1}, {name: On, key: 2}]"
_ELEMENTS: Final = "[{name: ready, index: 0, bit_count: 1}, {name: mode, index: 1, bit_count: 3}]"


def config_text(channels: int) -> str:
    """Return a telemetry config as YAML; it is the same every time."""
    lines = ["asset_name: scale", "flows:"]
    for flow in range(channels // CHANNELS_PER_FLOW):
        lines += [f"  - name: flow_{flow:04}", "    channels:"]
        for number in range(CHANNELS_PER_FLOW):
            lines += _channel(flow, number)
    return "\n".join(lines) + "\n"


def _channel(flow: int, number: int) -> list[str]:
    more = {0: ("bit_field", f"bit_field_elements: {_ELEMENTS}"), 50: ("enum", f"enum_types: {_LABELS}")}.get(number)
    return [
        f"      - name: subsystem_{flow:04}.channel_{number:03}",
        f"        data_type: {more[0] if more else _SCALARS[number % len(_SCALARS)]}",
        "        unit: Volts",
        f"        description: Measured value number {number} of subsystem {flow}",
        *([f"        {more[1]}"] if more else []),
    ]
