"""A plain gRPC client with our messages, and what the tests build with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import grpc
import pytest
from google.protobuf.message import Message

from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingest_pb2 as ingest
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import ping_pb2 as ping
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["DEADLINE", "INGEST_PATH", "Client", "Value", "channel", "flow", "query", "request", "status_of"]

# Seconds; no call on loopback comes near it, and a hanging one fails the test instead of the suite.
DEADLINE = 30.0
INGEST_PATH = "/sift.ingest.v1.IngestService/IngestWithConfigDataStream"
Value = ingest.IngestWithConfigDataChannelValue

_Response = TypeVar("_Response", bound=Message)


@dataclass(frozen=True)
class Client:
    """Calls a receiver; `key` goes into the authorization header."""

    channel: grpc.Channel
    key: str | None = None

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return () if self.key is None else (("authorization", f"Bearer {self.key}"),)

    def call(self, path: str, request: Message | bytes, response: type[_Response]) -> _Response:
        raw = request if isinstance(request, bytes) else request.SerializeToString()
        method: Callable[..., bytes] = self.channel.unary_unary(path)
        return response.FromString(method(raw, timeout=DEADLINE, metadata=self.metadata))

    def stream(
        self, requests: Iterable[ingest.IngestWithConfigDataStreamRequest | bytes], deadline: float = DEADLINE
    ) -> ingest.IngestWithConfigDataStreamResponse:
        method: Callable[..., bytes] = self.channel.stream_unary(INGEST_PATH)
        raw = (item if isinstance(item, bytes) else item.SerializeToString() for item in requests)
        return ingest.IngestWithConfigDataStreamResponse.FromString(
            method(raw, timeout=deadline, metadata=self.metadata)
        )

    def open_stream(self, raw: Iterator[bytes]) -> Any:
        """Start a stream and return its future; the answer is the serialized response."""
        method: Any = self.channel.stream_unary(INGEST_PATH)
        return method.future(raw, timeout=DEADLINE, metadata=self.metadata)

    def ping(self) -> ping.PingResponse:
        return self.call("/sift.ping.v1.PingService/Ping", ping.PingRequest(), ping.PingResponse)

    def create_config(
        self, flows: Iterable[configs.FlowConfig] = (), client_key: str = "", asset: str = "rover"
    ) -> configs.IngestionConfig:
        path = "/sift.ingestion_configs.v2.IngestionConfigService/CreateIngestionConfig"
        request = configs.CreateIngestionConfigRequest(asset_name=asset, client_key=client_key, flows=flows)
        return self.call(path, request, configs.CreateIngestionConfigResponse).ingestion_config

    def list_configs(self, where: str = "", size: int = 0, token: str = "") -> configs.ListIngestionConfigsResponse:
        path = "/sift.ingestion_configs.v2.IngestionConfigService/ListIngestionConfigs"
        request = configs.ListIngestionConfigsRequest(page_size=size, page_token=token, filter=where)
        return self.call(path, request, configs.ListIngestionConfigsResponse)

    def create_flows(self, config_id: str, *flows: configs.FlowConfig) -> None:
        path = "/sift.ingestion_configs.v2.IngestionConfigService/CreateIngestionConfigFlows"
        request = configs.CreateIngestionConfigFlowsRequest(ingestion_config_id=config_id, flows=flows)
        self.call(path, request, configs.CreateIngestionConfigFlowsResponse)

    def list_flows(
        self,
        config_id: str,
        where: str = "",
        size: int = 0,
        token: str = "",
    ) -> configs.ListIngestionConfigFlowsResponse:
        path = "/sift.ingestion_configs.v2.IngestionConfigService/ListIngestionConfigFlows"
        request = configs.ListIngestionConfigFlowsRequest(
            ingestion_config_id=config_id, page_size=size, page_token=token, filter=where
        )
        return self.call(path, request, configs.ListIngestionConfigFlowsResponse)

    def asset(self, method: str, request: Message, response: type[_Response]) -> _Response:
        return self.call(f"/sift.assets.v1.AssetService/{method}", request, response)

    def list_assets(self, where: str = "", order_by: str = "") -> list[str]:
        request = assets.ListAssetsRequest(filter=where, order_by=order_by)
        return [asset.name for asset in self.asset("ListAssets", request, assets.ListAssetsResponse).assets]

    def run(self, method: str, request: Message, response: type[_Response]) -> _Response:
        return self.call(f"/sift.runs.v2.RunService/{method}", request, response)

    def create_run(self, request: runs.CreateRunRequest) -> runs.Run:
        return self.run("CreateRun", request, runs.CreateRunResponse).run

    def list_runs(self, where: str = "", order_by: str = "") -> list[str]:
        request = runs.ListRunsRequest(filter=where, order_by=order_by)
        return [run.name for run in self.run("ListRuns", request, runs.ListRunsResponse).runs]


def channel(name: str, data_type: types.ChannelDataType.ValueType, **details: object) -> configs.ChannelConfig:
    return configs.ChannelConfig(name=name, data_type=data_type, **details)  # type: ignore[arg-type]


def flow(name: str, *channels: configs.ChannelConfig) -> configs.FlowConfig:
    default = channel("value", types.CHANNEL_DATA_TYPE_DOUBLE)
    return configs.FlowConfig(name=name, channels=channels or [default])


def request(
    config_id: str, flow_name: str, values: Sequence[ingest.IngestWithConfigDataChannelValue], **details: object
) -> ingest.IngestWithConfigDataStreamRequest:
    message = ingest.IngestWithConfigDataStreamRequest(
        ingestion_config_id=config_id,
        flow=flow_name,
        channel_values=values,
        **details,  # type: ignore[arg-type]
    )
    if not message.HasField("timestamp"):
        message.timestamp.FromNanoseconds(1_700_000_000_123_456_789)
    return message


def status_of(call: Callable[[], object]) -> tuple[grpc.StatusCode, str]:
    """Run a call that must fail, and return how it did."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    error: Any = caught.value
    return error.code(), error.details()


def query(store: Path, sql: str) -> list[tuple[object, ...]]:
    """Read from a store that no receiver holds, or that one of this process does."""
    with duckdb.connect(str(store)) as connection:
        return connection.execute(sql).fetchall()
