"""sift.ingestion_configs.v2.IngestionConfigService."""

from __future__ import annotations

from sift_receiver._filter_fields import CONFIG_FIELDS, FLOW_FIELDS, config_fields, flow_fields
from sift_receiver._identifiers import found
from sift_receiver._paging import Listing, PageRequest
from sift_receiver._records import ConfigRecord, FlowRecord
from sift_receiver._registration import create_config, create_flows
from sift_receiver._rpc import Handler, unary_handler
from sift_receiver._store import Store
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["INGESTION_CONFIG_SERVICE", "ingestion_config_handlers"]

INGESTION_CONFIG_SERVICE = "sift.ingestion_configs.v2.IngestionConfigService"

_CONFIGS: Listing[ConfigRecord, configs.IngestionConfig] = Listing(
    CONFIG_FIELDS, config_fields, lambda record: record.message, lambda record: record.message.ingestion_config_id
)
_FLOWS: Listing[FlowRecord, configs.FlowConfig] = Listing(
    FLOW_FIELDS, flow_fields, lambda record: record.definition, lambda record: record.flow_id
)


def ingestion_config_handlers(store: Store) -> dict[str, Handler]:
    """Serve the five calls of the service from this store."""
    service = _IngestionConfigService(store)
    return {
        "GetIngestionConfig": unary_handler(configs.GetIngestionConfigRequest, service.get),
        "CreateIngestionConfig": unary_handler(configs.CreateIngestionConfigRequest, service.create),
        "ListIngestionConfigs": unary_handler(configs.ListIngestionConfigsRequest, service.list),
        "CreateIngestionConfigFlows": unary_handler(configs.CreateIngestionConfigFlowsRequest, service.create_flows),
        "ListIngestionConfigFlows": unary_handler(configs.ListIngestionConfigFlowsRequest, service.list_flows),
    }


class _IngestionConfigService:
    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, request: configs.GetIngestionConfigRequest) -> configs.GetIngestionConfigResponse:
        config_id = request.ingestion_config_id
        record = found(self._store.catalogue.config(config_id), "ingestion config", config_id)
        return configs.GetIngestionConfigResponse(ingestion_config=record.message)

    def create(self, request: configs.CreateIngestionConfigRequest) -> configs.CreateIngestionConfigResponse:
        return configs.CreateIngestionConfigResponse(ingestion_config=create_config(self._store, request))

    def list(self, request: configs.ListIngestionConfigsRequest) -> configs.ListIngestionConfigsResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter)
        page = _CONFIGS.page(self._store.catalogue.configs(), query)
        return configs.ListIngestionConfigsResponse(ingestion_configs=page.messages, next_page_token=page.next_token)

    def create_flows(
        self, request: configs.CreateIngestionConfigFlowsRequest
    ) -> configs.CreateIngestionConfigFlowsResponse:
        create_flows(self._store, request)
        return configs.CreateIngestionConfigFlowsResponse()

    def list_flows(self, request: configs.ListIngestionConfigFlowsRequest) -> configs.ListIngestionConfigFlowsResponse:
        config_id = request.ingestion_config_id
        found(self._store.catalogue.config(config_id), "ingestion config", config_id)
        query = PageRequest(request.page_size, request.page_token, request.filter, scope=config_id)
        page = _FLOWS.page(self._store.catalogue.flows(config_id), query)
        return configs.ListIngestionConfigFlowsResponse(flows=page.messages, next_page_token=page.next_token)
