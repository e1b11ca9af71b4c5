"""Ranges and last values of the channels of one flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from sift_receiver._columns import Column, TableName
from sift_receiver._flow_table import ChannelColumns, type_word
from sift_receiver._names import quoted
from sift_receiver._records import FlowRecord
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["ChannelSummary", "ElementSummary", "Value", "summarise_channels"]

Value: TypeAlias = float | str | bytes | bool | None

_RANGED = ("DOUBLE", "FLOAT", "INTEGER", "UINTEGER", "BIGINT", "UBIGINT")
_MOST_LABELS = 20


@dataclass(frozen=True, slots=True)
class ElementSummary:
    """One element of a bit field; elements of more than 64 bits are bytes and have no range."""

    name: str
    minimum: Value
    maximum: Value
    last: Value


@dataclass(frozen=True, slots=True)
class ChannelSummary:
    """One channel: `data_type` in Sift's YAML spelling, the range of its numbers (NaN left out), its last value.

    `values` counts what is not NULL. For an enum `last` is the label and `labels` are those that occurred, at most 20;
    a key without a label is written as its number. Keys of signed enums count from 2^31 on as negative.
    """

    name: str
    data_type: str
    unit: str
    values: int
    minimum: Value
    maximum: Value
    last: Value
    labels: tuple[str, ...] = ()
    elements: tuple[ElementSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class _ColumnSummary:
    values: int
    minimum: Value
    maximum: Value
    last: Value


def summarise_channels(connection: duckdb.DuckDBPyConnection, record: FlowRecord) -> tuple[ChannelSummary, ...]:
    """Summarise every channel, in flow order."""
    summaries = _column_summaries(connection, record)
    pairs = zip(record.definition.channels, record.table.channels, strict=True)
    return tuple(
        _channel_summary(channel, columns, summaries, _labels(connection, record.table.name, channel, columns))
        for channel, columns in pairs
    )


def _channel_summary(
    channel: configs.ChannelConfig,
    columns: ChannelColumns,
    summaries: dict[str, _ColumnSummary],
    labels: tuple[str, ...],
) -> ChannelSummary:
    # An enum is summarised by its key, which is there even where no label is registered.
    value = summaries[(columns.key or columns.value).name]
    is_enum = columns.key is not None
    return ChannelSummary(
        channel.name,
        type_word(channel.data_type),
        channel.unit,
        value.values,
        None if is_enum else value.minimum,
        None if is_enum else value.maximum,
        _label(channel, value.last) if is_enum else value.last,
        labels,
        tuple(_element_summaries(channel, columns, summaries)),
    )


def _element_summaries(
    channel: configs.ChannelConfig, columns: ChannelColumns, summaries: dict[str, _ColumnSummary]
) -> Iterator[ElementSummary]:
    for element, column in zip(channel.bit_field_elements, columns.elements, strict=False):
        summary = summaries[column.name]
        yield ElementSummary(element.name, summary.minimum, summary.maximum, summary.last)


def _column_summaries(connection: duckdb.DuckDBPyConnection, record: FlowRecord) -> dict[str, _ColumnSummary]:
    columns = [column for channel in record.table.channels for column in channel.all]
    if not columns:
        return {}
    expressions = ", ".join(_expressions(column) for column in columns)
    row = connection.execute(f"SELECT {expressions} FROM {record.table.name}").fetchone() or ()  # noqa: S608 - quoted
    found = iter(row)
    return {column.name: _ColumnSummary(next(found), next(found), next(found), next(found)) for column in columns}


def _expressions(column: Column) -> str:
    name = quoted(column.name)
    last = f"arg_max({name}, timestamp_ns)"
    if column.sql_type not in _RANGED:
        return f"count({name}), NULL, NULL, {last}"
    # NaN counts as the largest number in DuckDB and would hide the range.
    numbers = f" FILTER (NOT isnan({name}))" if column.sql_type in ("DOUBLE", "FLOAT") else ""
    return f"count({name}), min({name}){numbers}, max({name}){numbers}, {last}"


def _labels(
    connection: duckdb.DuckDBPyConnection, table: TableName, channel: configs.ChannelConfig, columns: ChannelColumns
) -> tuple[str, ...]:
    if columns.key is None:
        return ()
    key = quoted(columns.key.name)
    query = f"SELECT DISTINCT {key} FROM {table} WHERE {key} IS NOT NULL ORDER BY 1 LIMIT {_MOST_LABELS}"  # noqa: S608 - quoted
    return tuple(str(_label(channel, found)) for (found,) in connection.execute(query).fetchall())


def _label(channel: configs.ChannelConfig, key: Value) -> str | None:
    if not isinstance(key, int):
        return None
    for enum_type in channel.enum_types:
        if enum_type.key == key:
            return enum_type.name
    is_signed = any(enum_type.is_signed for enum_type in channel.enum_types)
    return str(key - 2**32 if is_signed and key >= 2**31 else key)
