"""Rebuilds the catalogue from the tables of an opened store."""

from __future__ import annotations

import duckdb

from sift_receiver._catalogue import Catalogue
from sift_receiver._catalogue_tables import CatalogueTables
from sift_receiver._columns import InsertTarget, TableName
from sift_receiver._records import AssetRecord, ConfigRecord, RuleRecord, RunRecord, TagRecord, build_flow_record
from sift_receiver._rule_catalogue import RuleCatalogue
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import channels_pb2 as channels
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import rules_pb2 as rules
from sift_runtime.messages import runs_pb2 as runs
from sift_runtime.messages import tags_pb2 as tags

__all__ = ["load_catalogue", "load_rule_catalogue"]


def load_catalogue(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables) -> Catalogue:
    """Read every record, in the order of creation."""
    catalogue = Catalogue()
    _load_assets(connection, tables, catalogue)
    _load_configs(connection, tables, catalogue)
    _load_flows(connection, tables, catalogue)
    _load_runs(connection, tables, catalogue)
    return catalogue


def load_rule_catalogue(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables) -> RuleCatalogue:
    """Read every rule and tag in the order of creation, and what was said of channels."""
    catalogue = RuleCatalogue()
    for definition in _definitions(connection, tables.rules, "created"):
        catalogue.publish_rule(RuleRecord(rules.Rule.FromString(definition)))
    for definition in _definitions(connection, tables.tags, "created"):
        catalogue.publish_tag(TagRecord(tags.Tag.FromString(definition)))
    for definition in _definitions(connection, tables.channel_settings, "modified"):
        catalogue.publish_channel_settings(channels.Channel.FromString(definition))
    return catalogue


def _definitions(connection: duckdb.DuckDBPyConnection, target: InsertTarget, order: str) -> list[bytes]:
    query = f"SELECT definition FROM {target.table} ORDER BY {order}, rowid"  # noqa: S608 - quoted
    return [definition for (definition,) in connection.execute(query).fetchall()]


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
    for definition in _definitions(connection, tables.runs, "created"):
        catalogue.publish_run(RunRecord(runs.Run.FromString(definition)))
