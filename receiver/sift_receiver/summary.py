"""Reads back what a store holds: per flow the rows, the time span, and every channel's range and last value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from sift_receiver._catalogue_loading import load_catalogue
from sift_receiver._catalogue_tables import CatalogueTables
from sift_receiver._channel_summary import ChannelSummary, ElementSummary, summarise_channels
from sift_receiver._columns import TableName
from sift_receiver._names import quoted
from sift_receiver._records import FlowRecord
from sift_receiver._store_file import open_for_reading

__all__ = ["ChannelSummary", "ElementSummary", "ErrorSummary", "FlowSummary", "summarise", "summarise_errors"]


@dataclass(frozen=True, slots=True)
class FlowSummary:
    """One flow and its table. Times are nanoseconds since 1970, None as long as there are no rows.

    `table` is quoted and ready for SQL on a connection to the store file.
    """

    asset: str
    flow: str
    ingestion_config_id: str
    client_key: str
    table: str
    rows: int
    first_timestamp: int | None
    last_timestamp: int | None
    channels: tuple[ChannelSummary, ...]


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """Requests that were refused for one reason, and the newest message."""

    reason: str
    requests: int
    last_message: str


def summarise(store: Path) -> list[FlowSummary]:
    """Summarise every flow, ordered by asset and flow; raises StoreError, also while a receiver holds the store."""
    connection, tables = open_for_reading(store)
    with connection:
        catalogue = load_catalogue(connection, tables)
        summaries = []
        for record in catalogue.all_flows():
            config = catalogue.config(record.config_id)
            asset = catalogue.asset(config.message.asset_id) if config else None
            names = (asset.message.name if asset else "", config.message.client_key if config else "")
            summaries.append(_summarise_flow(connection, record, *names))
    return sorted(summaries, key=lambda summary: (summary.asset, summary.flow, summary.table))


def summarise_errors(store: Path) -> list[ErrorSummary]:
    """Count the refused requests by reason; raises StoreError."""
    connection, tables = open_for_reading(store)
    with connection:
        return _summarise_errors(connection, tables)


def _summarise_errors(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables) -> list[ErrorSummary]:
    columns = "reason, count(*), arg_max(message, received_ns)"
    query = f"SELECT {columns} FROM {tables.errors.table} GROUP BY reason ORDER BY reason"  # noqa: S608 - names are quoted
    return [ErrorSummary(*row) for row in connection.execute(query).fetchall()]


def _summarise_flow(
    connection: duckdb.DuckDBPyConnection, record: FlowRecord, asset: str, client_key: str
) -> FlowSummary:
    name = record.table.name
    query = f"SELECT count(*), min(timestamp_ns), max(timestamp_ns) FROM {name}"  # noqa: S608 - the name is quoted
    rows, first, last = connection.execute(query).fetchone() or (0, None, None)
    return FlowSummary(
        asset,
        record.definition.name,
        record.config_id,
        client_key,
        _short_name(name),
        rows,
        first,
        last,
        summarise_channels(connection, record),
    )


def _short_name(name: TableName) -> str:
    # Two parts are enough unless the asset is called like the store file, when DuckDB could not tell them apart.
    if name.schema.casefold() == name.catalog.casefold():
        return str(name)
    return f"{quoted(name.schema)}.{quoted(name.table)}"
