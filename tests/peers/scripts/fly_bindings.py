"""Fly the rows with sift-stream-bindings: fly_bindings.py ADDRESS KEY ROUND; prints what it did as JSON."""

from __future__ import annotations

import asyncio
import json
import sys

import sift_stream_bindings as rust
from rows import CHANNELS, ROWS, time_of

TYPES = {
    "double": ("Double", rust.ValuePy.Double),
    "string": ("String", rust.ValuePy.String),
    "enum": ("Enum", rust.ValuePy.Enum),
    "bit_field": ("BitField", lambda raw: rust.ValuePy.BitField(list(raw))),
    "bool": ("Bool", rust.ValuePy.Bool),
    "float": ("Float", rust.ValuePy.Float),
    "int32": ("Int32", rust.ValuePy.Int32),
    "uint32": ("Uint32", rust.ValuePy.Uint32),
    "int64": ("Int64", rust.ValuePy.Int64),
    "uint64": ("Uint64", rust.ValuePy.Uint64),
    "bytes": ("Bytes", lambda raw: rust.ValuePy.Bytes(list(raw))),
}
ENUM_TYPES = [
    rust.ChannelEnumTypePy("Accelerating", 0),
    rust.ChannelEnumTypePy("Decelerating", 1),
    rust.ChannelEnumTypePy("Stopped", 2**32 - 1),
]
ELEMENTS = [
    rust.ChannelBitFieldElementPy("12v", 0, 1),
    rust.ChannelBitFieldElementPy("led", 1, 4),
    rust.ChannelBitFieldElementPy("heater", 7, 3),
]


def channel_config(name, data_type):
    details = (ENUM_TYPES if data_type == "enum" else [], ELEMENTS if data_type == "bit_field" else [])
    return rust.ChannelConfigPy(name, "unit", "", getattr(rust.ChannelDataTypePy, TYPES[data_type][0]), *details)


def flow(number, row):
    built = [
        rust.ChannelValuePy(name, rust.ValuePy.Empty() if value is None else TYPES[data_type][1](value))
        for (name, data_type), value in zip(CHANNELS, row, strict=True)
    ]
    return rust.FlowPy("readings", rust.TimeValuePy.from_timestamp_nanos(time_of(number)), built)


async def main(address, key, flight):
    config = rust.FlowConfigPy("readings", [channel_config(*channel) for channel in CHANNELS])
    form = rust.IngestionConfigFormPy("PeerRover", "peer-bindings-v1", [config])
    builder = rust.SiftStreamBuilderPy(f"http://{address}", key)
    builder.asset_tags = ["peers"]
    mode = builder.ingestion_config(form).live_only()
    mode.enable_compression_for_ingestion = flight == "2"
    stream = await mode.build()
    for number, row in enumerate(ROWS):
        await stream.send(flow(number, row))
    run = rust.RunFormPy("bindings run", "bindings-run-v1", f"flight {flight}", ["peers", flight], [])
    await stream.attach_run(rust.RunSelectorPy.by_form(run))
    await stream.batch_send([flow(number, row) for number, row in enumerate(ROWS)])
    late = rust.FlowConfigPy("late", [channel_config("x", "double")])
    await stream.add_new_flows([late])
    now = rust.TimeValuePy.from_timestamp_nanos(time_of(0))
    await stream.send(rust.FlowPy("late", now, [rust.ChannelValuePy("x", rust.ValuePy.Double(1.5))]))
    run_id = stream.run()
    await stream.finish()
    json.dump({"run_id": run_id}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
