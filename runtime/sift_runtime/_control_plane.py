"""The calls of IngestionConfigService that registration needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Protocol, TypeVar

import grpc

from sift_runtime._errors import RequestError
from sift_runtime._grpcio_channel import bearer
from sift_runtime._grpcio_transport import request_error
from sift_runtime._settings import Connection
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["ControlPlane"]

_SERVICE: Final = "/sift.ingestion_configs.v2.IngestionConfigService/"
_PAGE_SIZE: Final = 1000


class _Message(Protocol):
    def SerializeToString(self) -> bytes: ...  # noqa: N802  # protobuf's name


Response = TypeVar("Response")


class ControlPlane:
    """Unary calls on a channel; each raises RequestError for any status but OK."""

    def __init__(self, channel: grpc.Channel, connection: Connection) -> None:
        """Use the channel; it stays the caller's."""
        self._channel = channel
        self._metadata = bearer(connection)
        self._timeout = connection.request_timeout

    def find(self, client_key: str) -> messages.IngestionConfig | None:
        """Return the ingestion config with this client key."""
        request = messages.ListIngestionConfigsRequest(page_size=1, filter=f"client_key == {_quoted(client_key)}")
        found = self._call("ListIngestionConfigs", request, messages.ListIngestionConfigsResponse.FromString)
        # A server that ignored the filter would hand us somebody else's config.
        return next((config for config in found.ingestion_configs if config.client_key == client_key), None)

    def create(self, request: messages.CreateIngestionConfigRequest) -> messages.IngestionConfig:
        """Create an ingestion config with its flows."""
        parse = messages.CreateIngestionConfigResponse.FromString
        return self._call("CreateIngestionConfig", request, parse).ingestion_config

    def flows(self, config_id: str) -> Iterator[messages.FlowConfig]:
        """Yield all flows of a config, page after page."""
        request = messages.ListIngestionConfigFlowsRequest(ingestion_config_id=config_id, page_size=_PAGE_SIZE)
        while True:
            parse = messages.ListIngestionConfigFlowsResponse.FromString
            response = self._call("ListIngestionConfigFlows", request, parse)
            yield from response.flows
            if not response.next_page_token:
                return
            request.page_token = response.next_page_token

    def create_flows(self, config_id: str, flows: list[messages.FlowConfig]) -> None:
        """Add flows to a config."""
        request = messages.CreateIngestionConfigFlowsRequest(ingestion_config_id=config_id, flows=flows)
        self._call("CreateIngestionConfigFlows", request, messages.CreateIngestionConfigFlowsResponse.FromString)

    def _call(self, name: str, request: _Message, parse: Callable[[bytes], Response]) -> Response:
        method = _SERVICE + name
        call = self._channel.unary_unary(
            method, request_serializer=type(request).SerializeToString, response_deserializer=parse
        )
        try:
            response: Response = call(request, timeout=self._timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise request_error(method, error) from error
        except ValueError as error:  # grpcio's way to say that the channel was closed meanwhile
            raise RequestError(method, grpc.StatusCode.CANCELLED, str(error)) from error
        return response


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
