"""What a peer delivers: tracks numbers with one of the official clients, or with one that saves what failed.

Run in the environment of the official clients: client.py '{"peer": …}'. Notes what a call has returned from in the same
words as faults.flight does.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import sys
import threading
import time
import warnings
from datetime import datetime, timezone
from pathlib import Path

warnings.simplefilter("ignore")
STRIDE = 5_000_000


def main():
    orders = json.loads(sys.argv[1])
    with Path(orders["accepted"]).open("r+b") as file:
        words = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
    ways = {"sift_py": fly_sift_py, "bindings": fly_bindings, "save_on_failure": fly_save_on_failure}
    ways[orders["peer"]](orders, words)


def numbers(orders, words, slot):
    """Yield numbers at the pace; one counts as accepted when the next is asked for."""
    at_once = max(1, orders["pace"] // 100)
    number = 0
    while number < orders["count"] or not orders["count"]:
        yield slot * STRIDE + number
        number += 1
        words[slot] = number
        if number % at_once == 0:
            time.sleep(0.01)


def go():
    sys.stdout.write("go\n")
    sys.stdout.flush()


def fly_sift_py(orders, words):
    from sift_py.grpc.transport import use_sift_channel
    from sift_py.ingestion.channel import ChannelConfig, ChannelDataType, int32_value
    from sift_py.ingestion.config.telemetry import TelemetryConfig
    from sift_py.ingestion.flow import FlowConfig
    from sift_py.ingestion.service import IngestionService

    flow = FlowConfig("voltage", [ChannelConfig("voltage", ChannelDataType.INT_32)])
    config = TelemetryConfig(asset_name="peer", ingestion_client_key="peer-sift-py", flows=[flow])
    channel = use_sift_channel({"uri": orders["uri"], "apikey": "key", "use_ssl": False})
    service = IngestionService(channel, config)
    go()
    buffered = service.buffered_ingestion(buffer_size=100)

    def track(slot):
        for number in numbers(orders, words, slot):
            values = [int32_value(number)]
            now = datetime.now(timezone.utc)
            try:
                buffered.ingest_flows({"flow_name": "voltage", "timestamp": now, "channel_values": values})
            except Exception:
                time.sleep(0.05)  # a user who logs it and goes on

    in_threads(orders, track)
    if orders["ending"] == "close":
        try:
            buffered.flush()
        except Exception as error:
            sys.stderr.write(f"{error}\n")


def in_threads(orders, track):
    threads = [threading.Thread(target=track, args=(orders["slot"] + at,)) for at in range(orders["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def fly_bindings(orders, words):
    import sift_stream_bindings as rust

    async def fly():
        channel = rust.ChannelConfigPy("voltage", "", "", rust.ChannelDataTypePy.Int32, [], [])
        form = rust.IngestionConfigFormPy("peer", "peer-bindings", [rust.FlowConfigPy("voltage", [channel])])
        mode = rust.SiftStreamBuilderPy(f"http://{orders['uri']}", "key").ingestion_config(form).live_with_backups()
        mode.metrics_streaming_interval = None
        mode.disk_backup_policy = rust.DiskBackupPolicyPy(
            backups_dir=orders["folder"],
            max_backup_file_size=50 * 1024 * 1024,
            rolling_file_policy=rust.RollingFilePolicyPy(None),
            retain_backups=False,
        )
        stream = await mode.build()
        go()
        for number in numbers(orders, words, orders["slot"]):
            value = rust.ChannelValuePy("voltage", rust.ValuePy.Int32(number))
            await stream.send(rust.FlowPy("voltage", rust.TimeValuePy.from_timestamp_nanos(time.time_ns()), [value]))
        if orders["ending"] == "close":
            await asyncio.wait_for(stream.finish(), 30)

    asyncio.run(fly())


def fly_save_on_failure(orders, words):
    """As ISStreamer does it: batches, and a file for those that failed, which every start writes anew."""
    import grpc
    from google.protobuf.timestamp_pb2 import Timestamp
    from sift.common.type.v1 import channel_data_type_pb2 as types
    from sift.ingest.v1 import ingest_pb2 as ingest
    from sift.ingestion_configs.v2 import ingestion_configs_pb2 as configs

    channel = grpc.insecure_channel(orders["uri"])
    bearer = (("authorization", "Bearer key"),)
    create = channel.unary_unary(
        "/sift.ingestion_configs.v2.IngestionConfigService/CreateIngestionConfig",
        request_serializer=configs.CreateIngestionConfigRequest.SerializeToString,
        response_deserializer=configs.CreateIngestionConfigResponse.FromString,
    )
    flow = configs.FlowConfig(
        name="voltage", channels=[configs.ChannelConfig(name="voltage", data_type=types.CHANNEL_DATA_TYPE_INT_32)]
    )
    key = f"peer-save-{os.getpid()}"
    request = configs.CreateIngestionConfigRequest(asset_name="peer", client_key=key, flows=[flow])
    config_id = create(request, metadata=bearer, timeout=10).ingestion_config.ingestion_config_id
    send = channel.stream_unary(
        "/sift.ingest.v1.IngestService/IngestWithConfigDataStream",
        request_serializer=ingest.IngestWithConfigDataStreamRequest.SerializeToString,
        response_deserializer=ingest.IngestWithConfigDataStreamResponse.FromString,
    )
    missed = (Path(orders["folder"]) / "missed.json").open("w+")
    go()
    batch = []

    def ship():
        requests, batch[:] = list(batch), []
        try:
            send(iter(requests), metadata=bearer, timeout=5)
        except grpc.RpcError:
            for each in requests:
                missed.write(json.dumps({"voltage": each.channel_values[0].int32}) + "\n")

    for number in numbers(orders, words, orders["slot"]):
        now = Timestamp()
        now.GetCurrentTime()
        value = ingest.IngestWithConfigDataChannelValue(int32=number)
        batch.append(
            ingest.IngestWithConfigDataStreamRequest(
                ingestion_config_id=config_id, flow="voltage", timestamp=now, channel_values=[value]
            )
        )
        if len(batch) >= 100:
            ship()
    if orders["ending"] == "close":
        ship()
    missed.close()


if __name__ == "__main__":
    main()
