"""Creates assets, ingestion configs and flows, in the writer's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import duckdb

from sift_receiver._catalogue_writing import create_schema, write_asset, write_config, write_flows
from sift_receiver._columns import TableName
from sift_receiver._flow_checks import check_flows
from sift_receiver._identifiers import already_exists, found, invalid, new_identifier
from sift_receiver._names import NameAllocator, readable_name
from sift_receiver._records import AssetRecord, ConfigRecord, FlowRecord, build_flow_record
from sift_receiver._store import Store
from sift_receiver._timestamps import now_nanoseconds, timestamp_message
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["create_asset", "create_config", "create_flows"]

_T = TypeVar("_T")
# Schemas that DuckDB or the catalogue already uses.
_RESERVED_SCHEMAS = ("main", "temp", "system", "information_schema", "pg_catalog")


@dataclass(frozen=True, slots=True)
class _Registration:
    """One transaction's worth of additions; published together once committed."""

    store: Store
    connection: duckdb.DuckDBPyConnection
    publications: list[Callable[[], None]] = field(default_factory=list)

    def add_asset(self, message: assets.Asset) -> AssetRecord:
        catalogue, catalog = self.store.catalogue, self.store.catalog
        taken = (*_RESERVED_SCHEMAS, catalog, *(asset.schema for asset in catalogue.assets()))
        schema = NameAllocator(taken).allocate(readable_name(message.name, "asset"), message.asset_id[:8])
        record = AssetRecord(message, schema)
        create_schema(self.connection, catalog, schema)
        write_asset(self.connection, self.store.tables, record)
        self.publications.append(lambda: catalogue.publish_asset(record))
        return record

    def add_config(self, message: configs.IngestionConfig) -> None:
        record = ConfigRecord(message, now_nanoseconds())
        write_config(self.connection, self.store.tables, record)
        self.publications.append(lambda: self.store.catalogue.publish_config(record))

    def add_flows(self, schema: str, config_id: str, definitions: Sequence[configs.FlowConfig]) -> None:
        tables = [flow.table.name for flow in self.store.catalogue.all_flows()]
        allocator = NameAllocator(name.table for name in tables if name.schema == schema)
        records = [self._flow_record(allocator, schema, config_id, definition) for definition in definitions]
        write_flows(self.connection, self.store.tables, records)
        self.publications.extend(partial(self.store.catalogue.publish_flow, record) for record in records)

    def _flow_record(
        self, allocator: NameAllocator, schema: str, config_id: str, definition: configs.FlowConfig
    ) -> FlowRecord:
        table = allocator.allocate(readable_name(definition.name, "flow"), config_id[:8])
        name = TableName(self.store.catalog, schema, table)
        return build_flow_record(new_identifier(), config_id, now_nanoseconds(), definition, name)

    def publishing(self, result: _T) -> Callable[[], _T]:
        def publish() -> _T:
            for publication in self.publications:
                publication()
            return result

        return publish


def create_asset(store: Store, request: assets.CreateAssetRequest) -> assets.Asset:
    """Create an asset; raises ALREADY_EXISTS for a name that is taken."""
    if not request.name:
        raise invalid("an asset needs a name: set CreateAssetRequest.name")

    def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], assets.Asset]:
        if store.catalogue.asset_named(request.name):
            raise already_exists(f"asset {request.name!r} already exists")
        message = _new_asset(request.name)
        message.tags.extend(request.tags)
        message.metadata.extend(request.metadata)
        registration = _Registration(store, connection)
        registration.add_asset(message)
        return registration.publishing(message)

    return store.change(prepare)


def create_config(store: Store, request: configs.CreateIngestionConfigRequest) -> configs.IngestionConfig:
    """Create an ingestion config with its flows, and its asset if that is new.

    Raises ALREADY_EXISTS for a client key that is taken; an empty client key always creates.
    """
    if not request.asset_name:
        raise invalid("an ingestion config needs an asset: set CreateIngestionConfigRequest.asset_name")
    check_flows(request.flows)

    def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], configs.IngestionConfig]:
        if store.catalogue.config_with_client_key(request.client_key):
            raise already_exists(f"an ingestion config with client key {request.client_key!r} already exists")
        registration = _Registration(store, connection)
        asset = store.catalogue.asset_named(request.asset_name) or registration.add_asset(
            _new_asset(request.asset_name)
        )
        config = configs.IngestionConfig(
            ingestion_config_id=new_identifier(), asset_id=asset.message.asset_id, client_key=request.client_key
        )
        registration.add_config(config)
        registration.add_flows(asset.schema, config.ingestion_config_id, request.flows)
        return registration.publishing(config)

    return store.change(prepare)


def create_flows(store: Store, request: configs.CreateIngestionConfigFlowsRequest) -> None:
    """Add flows to a config, all or none; raises ALREADY_EXISTS if the config has a flow of one of the names."""
    check_flows(request.flows)

    def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], None]:
        config_id = request.ingestion_config_id
        config = found(store.catalogue.config(config_id), "ingestion config", config_id)
        for flow in request.flows:
            if store.catalogue.flow(config_id, flow.name):
                raise already_exists(f"ingestion config {config_id} already has a flow {flow.name!r}")
        asset = found(store.catalogue.asset(config.message.asset_id), "asset", config.message.asset_id)
        registration = _Registration(store, connection)
        registration.add_flows(asset.schema, config_id, request.flows)
        return registration.publishing(None)

    store.change(prepare)


def _new_asset(name: str) -> assets.Asset:
    now = timestamp_message(now_nanoseconds())
    return assets.Asset(asset_id=new_identifier(), name=name, created_date=now, modified_date=now)
