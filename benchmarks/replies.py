"""What the sink answers to the calls that clients make before they send: it knows no config, and creates what is asked.

sift_py asks for the flows after it has created them, and validates against the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.clients.requests import CONFIG_ID
from benchmarks.clients.rows import NOSTROMO
from sift_runtime.messages import assets_pb2, channel_types_pb2, ingestion_configs_pb2, ping_pb2

__all__ = ["write_replies"]

_VEHICLE: Final = (
    ("mainmotor.velocity", "DOUBLE"),
    ("voltage", "INT_32"),
    ("vehicle_state", "ENUM"),
    ("gpio", "BIT_FIELD"),
)
_ASSET_ID: Final = "a1a1a1a1-1111-2222-3333-444455556666"
_SERVICE: Final = "/sift.ingestion_configs.v2.IngestionConfigService/"


def write_replies(path: Path, work: str) -> None:
    """Write one call a line: its name and the answer in hex."""
    configs = ingestion_configs_pb2
    config = configs.IngestionConfig(ingestion_config_id=CONFIG_ID, asset_id=_ASSET_ID, client_key="benchmark")
    asset = assets_pb2.Asset(asset_id=_ASSET_ID, name="rover")
    replies = {
        _SERVICE + "ListIngestionConfigs": configs.ListIngestionConfigsResponse(),
        _SERVICE + "CreateIngestionConfig": configs.CreateIngestionConfigResponse(ingestion_config=config),
        _SERVICE + "ListIngestionConfigFlows": configs.ListIngestionConfigFlowsResponse(flows=[_flow(work)]),
        _SERVICE + "CreateIngestionConfigFlows": configs.CreateIngestionConfigFlowsResponse(),
        "/sift.ping.v1.PingService/Ping": ping_pb2.PingResponse(response="pong"),
        "/sift.assets.v1.AssetService/GetAsset": assets_pb2.GetAssetResponse(asset=asset),
    }
    lines = (f"{method} {reply.SerializeToString().hex() or '-'}\n" for method, reply in replies.items())
    path.write_text("".join(lines))


def _flow(work: str) -> ingestion_configs_pb2.FlowConfig:
    types = channel_types_pb2.ChannelDataType
    named = _VEHICLE if work == NOSTROMO else [(f"c{number}", "DOUBLE") for number in range(int(work))]
    channels = [
        ingestion_configs_pb2.ChannelConfig(name=name, data_type=types.Value(f"CHANNEL_DATA_TYPE_{kind}"))
        for name, kind in named
    ]
    return ingestion_configs_pb2.FlowConfig(name="readings", channels=channels)
