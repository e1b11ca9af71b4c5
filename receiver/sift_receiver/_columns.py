"""Columnar inserts: one statement for any number of rows.

DuckDB's executemany manages a few hundred rows a second; one list parameter per column, unnested side by side, manages
tens of thousands and needs neither NumPy nor Arrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from sift_receiver._names import quoted

__all__ = ["Column", "InsertTarget", "TableName", "create_table", "insert_rows"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. TIMESTAMP columns take whole microseconds since 1970 as their row values."""

    name: str
    sql_type: str

    @property
    def source(self) -> str:
        """The select expression that turns one list parameter into this column's values."""
        if self.sql_type == "TIMESTAMP":
            return "make_timestamp(unnest(?::BIGINT[]))"
        return f"unnest(?::{self.sql_type}[])"


@dataclass(frozen=True, slots=True)
class TableName:
    """A table within the store. Always written in three parts.

    A two-part name is ambiguous when a schema is called like the store file (asset `flight` in `flight.duckdb`).
    """

    catalog: str
    schema: str
    table: str

    def __str__(self) -> str:
        """Write the quoted name."""
        return ".".join(quoted(part) for part in (self.catalog, self.schema, self.table))


@dataclass(frozen=True, slots=True, eq=False)
class InsertTarget:
    """A table and the columns that rows are given for, in this order.

    Compared by identity: rows are grouped by target on the hot path, and hashing hundreds of columns would be slow.
    """

    table: TableName
    columns: tuple[Column, ...]

    @property
    def statement(self) -> str:
        """The insert, with one list parameter per column."""
        names = ", ".join(quoted(column.name) for column in self.columns)
        return f"INSERT INTO {self.table} ({names}) SELECT {', '.join(column.source for column in self.columns)}"


def create_table(connection: duckdb.DuckDBPyConnection, target: InsertTarget) -> None:
    """Create the table; raises duckdb.Error if it exists."""
    columns = ", ".join(f"{quoted(column.name)} {column.sql_type}" for column in target.columns)
    connection.execute(f"CREATE TABLE {target.table} ({columns})")


def insert_rows(connection: duckdb.DuckDBPyConnection, target: InsertTarget, rows: Sequence[Sequence[object]]) -> None:
    """Append rows, each with one value per column of the target."""
    if rows:
        connection.execute(target.statement, [list(values) for values in zip(*rows, strict=True)])
