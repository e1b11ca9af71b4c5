"""The start-up calls of our Sdk and of the official clients: configs, flows, assets, runs and ping, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc

from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import ping_pb2 as ping
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["Registry"]

Handlers = dict[str, tuple[Callable[[Any], Any], Any]]


class Registry:
    """Outlives the server that asks it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.configs: dict[str, configs.IngestionConfig] = {}
        self.flows: dict[str, list[configs.FlowConfig]] = {}
        self.runs: dict[str, runs.Run] = {}

    def handlers(self) -> Iterator[grpc.GenericRpcHandler]:
        """Yield what a server answers with."""
        services: dict[str, Handlers] = {
            "sift.ping.v1.PingService": {"Ping": (lambda _: ping.PingResponse(response="pong"), ping.PingRequest)},
            "sift.assets.v1.AssetService": {"GetAsset": (self._asset, assets.GetAssetRequest)},
            "sift.ingestion_configs.v2.IngestionConfigService": {
                "ListIngestionConfigs": (self._list, configs.ListIngestionConfigsRequest),
                "CreateIngestionConfig": (self._create, configs.CreateIngestionConfigRequest),
                "ListIngestionConfigFlows": (self._list_flows, configs.ListIngestionConfigFlowsRequest),
                "CreateIngestionConfigFlows": (self._create_flows, configs.CreateIngestionConfigFlowsRequest),
            },
            "sift.runs.v2.RunService": {
                "ListRuns": (self._list_runs, runs.ListRunsRequest),
                "CreateRun": (self._create_run, runs.CreateRunRequest),
            },
        }
        for service, calls in services.items():
            handlers = {name: _unary(work, kind) for name, (work, kind) in calls.items()}
            yield grpc.method_handlers_generic_handler(service, handlers)

    def _asset(self, request: assets.GetAssetRequest) -> assets.GetAssetResponse:
        return assets.GetAssetResponse(asset=assets.Asset(asset_id=request.asset_id, name=request.asset_id))

    def _list(self, request: configs.ListIngestionConfigsRequest) -> configs.ListIngestionConfigsResponse:
        found = [
            each for key, each in self.configs.items() if f'"{key}"' in request.filter or f"'{key}'" in request.filter
        ]
        return configs.ListIngestionConfigsResponse(ingestion_configs=found)

    def _create(self, request: configs.CreateIngestionConfigRequest) -> configs.CreateIngestionConfigResponse:
        if request.client_key in self.configs:
            raise _ExistsError
        config = configs.IngestionConfig(
            ingestion_config_id=f"config-{request.client_key}",
            asset_id=request.asset_name,
            client_key=request.client_key,
        )
        self.configs[request.client_key] = config
        self.flows[config.ingestion_config_id] = list(request.flows)
        return configs.CreateIngestionConfigResponse(ingestion_config=config)

    def _list_flows(self, request: configs.ListIngestionConfigFlowsRequest) -> configs.ListIngestionConfigFlowsResponse:
        return configs.ListIngestionConfigFlowsResponse(flows=self.flows[request.ingestion_config_id])

    def _create_flows(
        self, request: configs.CreateIngestionConfigFlowsRequest
    ) -> configs.CreateIngestionConfigFlowsResponse:
        self.flows[request.ingestion_config_id].extend(request.flows)
        return configs.CreateIngestionConfigFlowsResponse()

    def _list_runs(self, request: runs.ListRunsRequest) -> runs.ListRunsResponse:
        found = [run for run in self.runs.values() if f'"{run.name}"' in request.filter]
        return runs.ListRunsResponse(runs=found)

    def _create_run(self, request: runs.CreateRunRequest) -> runs.CreateRunResponse:
        run = runs.Run(run_id=f"run-{len(self.runs) + 1}", name=request.name, client_key=request.client_key)
        self.runs[run.run_id] = run
        return runs.CreateRunResponse(run=run)


class _ExistsError(Exception):
    pass


def _unary(work: Callable[[Any], Any], kind: Any) -> grpc.RpcMethodHandler[Any, Any]:
    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return work(request)
        except _ExistsError:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, "it exists")

    return grpc.unary_unary_rpc_method_handler(
        handle, request_deserializer=kind.FromString, response_serializer=_serialized
    )


def _serialized(message: Any) -> bytes:
    data: bytes = message.SerializeToString()
    return data
