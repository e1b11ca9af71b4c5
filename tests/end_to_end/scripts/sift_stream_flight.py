"""Ingest the `readings` flow with sift-stream-bindings, unmodified: URI, rows as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import sift_stream_bindings as rust


async def main() -> None:
    uri, rows_path = sys.argv[1:]
    builder = rust.SiftStreamBuilderPy(uri, "key").ingestion_config(form()).live_only()
    stream = await builder.build()
    value = rust.ValuePy
    for row in json.loads(Path(rows_path).read_text()):
        pairs = [
            rust.ChannelValuePy("mainmotor.velocity", value.Double(row["velocity"])),
            rust.ChannelValuePy("voltage", value.Int32(row["voltage"])),
            rust.ChannelValuePy("vehicle_state", value.Enum(row["state"])),
            rust.ChannelValuePy("gpio", value.BitField([row["gpio"]])),
        ]
        await stream.send(rust.FlowPy("readings", rust.TimeValuePy.from_timestamp_nanos(row["time_ns"]), pairs))
    await stream.finish()


def form() -> rust.IngestionConfigFormPy:
    types = rust.ChannelDataTypePy
    states = [rust.ChannelEnumTypePy(name, key) for key, name in enumerate(("Accelerating", "Decelerating", "Stopped"))]
    bits = [("12v", 0, 1), ("charge", 1, 2), ("led", 3, 4), ("heater", 7, 1)]
    channels = [
        rust.ChannelConfigPy("mainmotor.velocity", "Miles Per Hour", "speed", types.Double, [], []),
        rust.ChannelConfigPy("voltage", "Volts", "voltage at the source", types.Int32, [], []),
        rust.ChannelConfigPy("vehicle_state", "vehicle state", "vehicle state", types.Enum, states, []),
        rust.ChannelConfigPy(
            "gpio",
            "",
            "on/off values for pins on gpio",
            types.BitField,
            [],
            [rust.ChannelBitFieldElementPy(*bit) for bit in bits],
        ),
    ]
    return rust.IngestionConfigFormPy("NostromoLV426", "nostromo_lv_426", [rust.FlowConfigPy("readings", channels)])


if __name__ == "__main__":
    asyncio.run(main())
