"""Rebuilds the catalogue from the tables of an opened store."""

from __future__ import annotations

import duckdb

from sift_receiver._catalogue import Catalogue
from sift_receiver._catalogue_tables import CatalogueTables
from sift_receiver._columns import TableName
from sift_receiver._records import AssetRecord, ConfigRecord, RunRecord, build_flow_record
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["load_catalogue"]


def load_catalogue(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables) -> Catalogue:
    """Read every record, in the order of creation."""
    catalogue = Catalogue()
    _load_assets(connection, tables, catalogue)
    _load_configs(connection, tables, catalogue)
    _load_flows(connection, tables, catalogue)
    _load_runs(connection, tables, catalogue)
    return catalogue


def _load_assets(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, catalogue: Catalogue) -> None:
    query = f"SELECT schema_name, definition FROM {tables.assets.table} ORDER BY created, rowid"  # noqa: S608 - quoted
    for schema, definition in connection.execute(query).fetchall():
        catalogue.publish_asset(AssetRecord(assets.Asset.FromString(definition), schema))


def _load_configs(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, catalogue: Catalogue) -> None:
    query = f"SELECT definition, created_ns FROM {tables.ingestion_configs.table} ORDER BY created_ns, rowid"  # noqa: S608 - quoted
    for definition, created in connection.execute(query).fetchall():
        catalogue.publish_config(ConfigRecord(configs.IngestionConfig.FromString(definition), created))


def _load_flows(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, catalogue: Catalogue) -> None:
    columns = "flow_id, ingestion_config_id, schema_name, table_name, created_ns, definition"
    query = f"SELECT {columns} FROM {tables.flows.table} ORDER BY created_ns, rowid"  # noqa: S608 - quoted
    for flow_id, config_id, schema, table, created, definition in connection.execute(query).fetchall():
        name = TableName(tables.flows.table.catalog, schema, table)
        flow = configs.FlowConfig.FromString(definition)
        catalogue.publish_flow(build_flow_record(flow_id, config_id, created, flow, name))


def _load_runs(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, catalogue: Catalogue) -> None:
    query = f"SELECT definition FROM {tables.runs.table} ORDER BY created, rowid"  # noqa: S608 - quoted
    for (definition,) in connection.execute(query).fetchall():
        catalogue.publish_run(RunRecord(runs.Run.FromString(definition)))
