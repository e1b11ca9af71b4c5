"""The calls of IngestionConfigService, AssetService and RunService that registration needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Final, Protocol, TypeVar

import grpc

from sift_runtime._connection import Connection
from sift_runtime._errors import RequestError
from sift_runtime._fork_gate import result_of
from sift_runtime._grpcio_transport import request_error
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import ingestion_configs_pb2 as messages
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["ControlPlane", "quoted"]

_RUNS: Final = "/sift.runs.v2.RunService/"
_CONFIGS: Final = "/sift.ingestion_configs.v2.IngestionConfigService/"
_ASSETS: Final = "/sift.assets.v1.AssetService/"
_PAGE_SIZE: Final = 1000
_NOT_FOR_US: Final = {grpc.StatusCode.NOT_FOUND, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNIMPLEMENTED}


class _Message(Protocol):
    def SerializeToString(self) -> bytes: ...  # noqa: N802  # protobuf's name


Response = TypeVar("Response")


class ControlPlane:
    """Unary calls on a channel; each raises RequestError for any status but OK."""

    def __init__(self, channel: grpc.Channel, connection: Connection) -> None:
        """Use the channel; it stays the caller's."""
        self._channel = channel
        self._connection = connection
        self._metadata = connection.headers
        self._timeout = connection.request_timeout

    def within(self, seconds: float) -> ControlPlane:
        """Return the same with calls that give up earlier."""
        hurried = copy(self)
        hurried._timeout = min(self._timeout, seconds)
        return hurried

    def find(self, client_key: str) -> messages.IngestionConfig | None:
        """Return the ingestion config with this client key."""
        request = messages.ListIngestionConfigsRequest(page_size=1, filter=f"client_key == {quoted(client_key)}")
        found = self._call(_CONFIGS + "ListIngestionConfigs", request, messages.ListIngestionConfigsResponse.FromString)
        # A server that ignored the filter would hand us somebody else's config.
        return next((config for config in found.ingestion_configs if config.client_key == client_key), None)

    def create(self, request: messages.CreateIngestionConfigRequest) -> messages.IngestionConfig:
        """Create an ingestion config with its flows."""
        parse = messages.CreateIngestionConfigResponse.FromString
        return self._call(_CONFIGS + "CreateIngestionConfig", request, parse).ingestion_config

    def flows(self, config_id: str, names: Sequence[str] | None = None) -> Iterator[messages.FlowConfig]:
        """Yield the flows of a config, or those with these names, page after page."""
        request = messages.ListIngestionConfigFlowsRequest(
            ingestion_config_id=config_id,
            page_size=_PAGE_SIZE,
            filter="" if names is None else f"flow_name in [{', '.join(map(quoted, names))}]",
        )
        while True:
            parse = messages.ListIngestionConfigFlowsResponse.FromString
            response = self._call(_CONFIGS + "ListIngestionConfigFlows", request, parse)
            yield from response.flows
            if not response.next_page_token:
                return
            request.page_token = response.next_page_token

    def create_flows(self, config_id: str, flows: list[messages.FlowConfig]) -> None:
        """Add flows to a config."""
        request = messages.CreateIngestionConfigFlowsRequest(ingestion_config_id=config_id, flows=flows)
        self._call(
            _CONFIGS + "CreateIngestionConfigFlows", request, messages.CreateIngestionConfigFlowsResponse.FromString
        )

    def asset(self, asset_id: str) -> assets.Asset | None:
        """Return the asset with this id; None where the server does not show it, as not every key may read assets."""
        request = assets.GetAssetRequest(asset_id=asset_id)
        try:
            return self._call(_ASSETS + "GetAsset", request, assets.GetAssetResponse.FromString).asset
        except RequestError as error:
            if error.code not in _NOT_FOR_US:
                raise
            return None

    def find_run(self, field: str, value: str) -> runs.Run | None:
        """Return the run with this name or client key; the newest where there are several."""
        request = runs.ListRunsRequest(page_size=1, filter=f"{field} == {quoted(value)}", order_by="created_date desc")
        found = self._call(_RUNS + "ListRuns", request, runs.ListRunsResponse.FromString)
        return next((run for run in found.runs if getattr(run, field) == value), None)

    def create_run(self, request: runs.CreateRunRequest) -> runs.Run:
        """Create a run."""
        return self._call(_RUNS + "CreateRun", request, runs.CreateRunResponse.FromString).run

    def stop_run(self, run_id: str) -> None:
        """Say that a run is over."""
        self._call(_RUNS + "StopRun", runs.StopRunRequest(run_id=run_id), runs.StopRunResponse.FromString)

    def call(self, method: str, request: _Message, parse: Callable[[bytes], Response]) -> Response:
        """Make any unary call; `method` is its whole path."""
        return self._call(method, request, parse)

    def _call(self, method: str, request: _Message, parse: Callable[[bytes], Response]) -> Response:
        call = self._channel.unary_unary(
            method, request_serializer=type(request).SerializeToString, response_deserializer=parse
        )
        try:
            response: Response = result_of(lambda: call.future(request, timeout=self._timeout, metadata=self._metadata))
        except grpc.RpcError as error:
            raise request_error(method, error, self._connection) from None  # its own words may hold the key
        except grpc.FutureCancelledError as error:
            raise RequestError(method, grpc.StatusCode.CANCELLED, "a fork came in between") from error
        except ValueError as error:  # grpcio's way to say that the channel was closed meanwhile
            raise RequestError(method, grpc.StatusCode.CANCELLED, str(error)) from error
        return response


def quoted(text: str) -> str:
    """Return a text as filters have it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
