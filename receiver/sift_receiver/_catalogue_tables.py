"""The catalogue as tables: what a person joins, and what a reopened store is rebuilt from.

`definition` columns hold the serialized messages; they are the truth on reopening. The other columns say
the same in SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sift_receiver._columns import Column, InsertTarget, TableName

__all__ = ["ADDED_SINCE", "STORE_FORMAT", "CatalogueTables", "catalogue_tables"]

STORE_FORMAT = 2
ADDED_SINCE: Mapping[int, tuple[str, ...]] = {1: ("rules", "tags", "channel_settings")}
"""The tables that a store of an earlier format lacks; it is the same in all else."""

_COLUMNS = {
    "receiver_store": "format INTEGER",
    "assets": "asset_id VARCHAR, name VARCHAR, schema_name VARCHAR, created TIMESTAMP, modified TIMESTAMP, "
    "definition BLOB",
    "ingestion_configs": "ingestion_config_id VARCHAR, asset_id VARCHAR, client_key VARCHAR, created TIMESTAMP, "
    "created_ns BIGINT, definition BLOB",
    "flows": "flow_id VARCHAR, ingestion_config_id VARCHAR, flow VARCHAR, schema_name VARCHAR, table_name VARCHAR, "
    "created TIMESTAMP, created_ns BIGINT, definition BLOB",
    "channels": "flow_id VARCHAR, position INTEGER, channel VARCHAR, unit VARCHAR, description VARCHAR, "
    "data_type VARCHAR, column_name VARCHAR, key_column_name VARCHAR",
    "enum_types": "flow_id VARCHAR, channel_position INTEGER, key UINTEGER, label VARCHAR, is_signed BOOLEAN",
    "bit_field_elements": "flow_id VARCHAR, channel_position INTEGER, element VARCHAR, bit_index INTEGER, "
    "bit_count UINTEGER, column_name VARCHAR",
    "runs": "run_id VARCHAR, name VARCHAR, client_key VARCHAR, description VARCHAR, start_time TIMESTAMP, "
    "stop_time TIMESTAMP, created TIMESTAMP, modified TIMESTAMP, is_archived BOOLEAN, definition BLOB",
    "rules": "rule_id VARCHAR, name VARCHAR, client_key VARCHAR, description VARCHAR, expression VARCHAR, "
    "version INTEGER, created TIMESTAMP, modified TIMESTAMP, is_archived BOOLEAN, definition BLOB",
    "tags": "tag_id VARCHAR, name VARCHAR, created TIMESTAMP, definition BLOB",
    "channel_settings": "channel_id VARCHAR, channel VARCHAR, modified TIMESTAMP, definition BLOB",
    "errors": "received TIMESTAMP, received_ns BIGINT, ingestion_config_id VARCHAR, flow VARCHAR, run_id VARCHAR, "
    "reason VARCHAR, message VARCHAR, request BLOB",
}


@dataclass(frozen=True, slots=True)
class CatalogueTables:
    """The insert targets of the catalogue; all stand in the schema `main`."""

    receiver_store: InsertTarget
    assets: InsertTarget
    ingestion_configs: InsertTarget
    flows: InsertTarget
    channels: InsertTarget
    enum_types: InsertTarget
    bit_field_elements: InsertTarget
    runs: InsertTarget
    rules: InsertTarget
    tags: InsertTarget
    channel_settings: InsertTarget
    errors: InsertTarget

    @property
    def all(self) -> tuple[InsertTarget, ...]:
        """Every table."""
        return tuple(getattr(self, name) for name in _COLUMNS)


def catalogue_tables(catalog: str) -> CatalogueTables:
    """Name the tables within the store that is open under this catalog name."""
    return CatalogueTables(**{name: _target(catalog, name) for name in _COLUMNS})


def _target(catalog: str, name: str) -> InsertTarget:
    columns = (column.split() for column in _COLUMNS[name].split(", "))
    return InsertTarget(TableName(catalog, "main", name), tuple(Column(*column) for column in columns))
