"""Writes catalogue records to their tables, within whatever transaction is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
from google.protobuf.timestamp_pb2 import Timestamp

from sift_receiver._catalogue_tables import CatalogueTables
from sift_receiver._columns import InsertTarget, create_table, insert_rows
from sift_receiver._flow_table import type_word
from sift_receiver._names import quoted
from sift_receiver._records import AssetRecord, ConfigRecord, FlowRecord, RuleRecord, RunRecord, TagRecord
from sift_receiver._timestamps import timestamp_nanoseconds
from sift_runtime.messages import channels_pb2 as channels

__all__ = [
    "create_schema",
    "write_asset",
    "write_channel_settings",
    "write_config",
    "write_flows",
    "write_rule",
    "write_run",
    "write_tag",
]

_Rows = list[tuple[object, ...]]


def create_schema(connection: duckdb.DuckDBPyConnection, catalog: str, schema: str) -> None:
    """Create the schema of an asset."""
    connection.execute(f"CREATE SCHEMA {quoted(catalog)}.{quoted(schema)}")


def write_asset(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, record: AssetRecord) -> None:
    """Add an asset, or replace the row of the same id."""
    asset = record.message
    times = (_micros(asset.created_date), _micros(asset.modified_date))
    row = (asset.asset_id, asset.name, record.schema, *times, asset.SerializeToString())
    _replace(connection, tables.assets, row)


def write_run(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, record: RunRecord) -> None:
    """Add a run, or replace the row of the same id."""
    run = record.message
    row = (
        run.run_id,
        run.name,
        run.client_key or None,
        run.description,
        _micros(run.start_time) if run.HasField("start_time") else None,
        _micros(run.stop_time) if run.HasField("stop_time") else None,
        _micros(run.created_date),
        _micros(run.modified_date),
        run.is_archived,
        run.SerializeToString(),
    )
    _replace(connection, tables.runs, row)


def write_rule(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, record: RuleRecord) -> None:
    """Add a rule, or replace the row of the same id."""
    rule = record.message
    expressions = [condition.expression.calculated_channel.expression for condition in rule.conditions]
    row = (
        rule.rule_id,
        rule.name,
        rule.client_key or None,
        rule.description,
        "\n".join(expressions),
        int(rule.rule_version.version),
        _micros(rule.created_date),
        _micros(rule.modified_date),
        rule.is_archived,
        rule.SerializeToString(),
    )
    _replace(connection, tables.rules, row)


def write_tag(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, record: TagRecord) -> None:
    """Add a tag."""
    tag = record.message
    insert_rows(connection, tables.tags, [(tag.tag_id, tag.name, _micros(tag.created_date), tag.SerializeToString())])


def write_channel_settings(
    connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, channel: channels.Channel
) -> None:
    """Keep what was said of a channel, in the place of what was said before."""
    row = (channel.channel_id, channel.name, _micros(channel.modified_date), channel.SerializeToString())
    _replace(connection, tables.channel_settings, row)


def write_config(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, record: ConfigRecord) -> None:
    """Add an ingestion config."""
    config = record.message
    row = (config.ingestion_config_id, config.asset_id, config.client_key, record.created // 1000, record.created)
    insert_rows(connection, tables.ingestion_configs, [(*row, config.SerializeToString())])


def write_flows(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, records: Sequence[FlowRecord]) -> None:
    """Add flows with their channels, and create the tables of their rows."""
    insert_rows(connection, tables.flows, [_flow_row(record) for record in records])
    insert_rows(connection, tables.channels, _gather(_channel_rows(record) for record in records))
    insert_rows(connection, tables.enum_types, _gather(_enum_rows(record) for record in records))
    insert_rows(connection, tables.bit_field_elements, _gather(_element_rows(record) for record in records))
    for record in records:
        create_table(connection, record.target)


def _gather(groups: Iterable[_Rows]) -> _Rows:
    return [row for group in groups for row in group]


def _flow_row(record: FlowRecord) -> tuple[object, ...]:
    name = record.table.name
    times = (record.created // 1000, record.created)
    definition = record.definition.SerializeToString()
    return (record.flow_id, record.config_id, record.definition.name, name.schema, name.table, *times, definition)


def _channel_rows(record: FlowRecord) -> _Rows:
    return [
        (
            record.flow_id,
            position,
            channel.name,
            channel.unit,
            channel.description,
            type_word(channel.data_type),
            columns.value.name,
            columns.key.name if columns.key else None,
        )
        for position, (channel, columns) in enumerate(
            zip(record.definition.channels, record.table.channels, strict=True), start=1
        )
    ]


def _enum_rows(record: FlowRecord) -> _Rows:
    return [
        (record.flow_id, position, enum_type.key, enum_type.name, enum_type.is_signed)
        for position, channel in enumerate(record.definition.channels, start=1)
        for enum_type in channel.enum_types
    ]


def _element_rows(record: FlowRecord) -> _Rows:
    pairs = zip(record.definition.channels, record.table.channels, strict=True)
    return [
        (record.flow_id, position, element.name, element.index, element.bit_count, column.name)
        for position, (channel, columns) in enumerate(pairs, start=1)
        # Elements of a channel that is no bit field are stored in the definition, but have no columns.
        for element, column in zip(channel.bit_field_elements, columns.elements, strict=False)
    ]


def _replace(connection: duckdb.DuckDBPyConnection, target: InsertTarget, row: tuple[object, ...]) -> None:
    identifier = quoted(target.columns[0].name)
    connection.execute(f"DELETE FROM {target.table} WHERE {identifier} = ?", [row[0]])  # noqa: S608 - names are quoted
    insert_rows(connection, target, [row])


def _micros(timestamp: Timestamp) -> int:
    return timestamp_nanoseconds(timestamp) // 1000
