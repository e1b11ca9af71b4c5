"""Opens the DuckDB file: creates it readable by its owner alone, and refuses files that are not ours."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb

from sift_receiver._catalogue_tables import ADDED_SINCE, STORE_FORMAT, CatalogueTables, catalogue_tables
from sift_receiver._columns import create_table, insert_rows
from sift_receiver._errors import StoreError

__all__ = ["catalog_name", "open_for_reading", "open_for_writing"]


def open_for_writing(path: Path) -> tuple[duckdb.DuckDBPyConnection, CatalogueTables]:
    """Open the store, creating it if it is absent; raises StoreError.

    DuckDB lets one process at a time open a file that is being written.
    """
    try:
        if not path.exists():
            _create_private(path)
        connection = duckdb.connect(str(path))
    except (duckdb.Error, OSError) as error:
        raise StoreError(f"store {path} cannot be opened: {error}") from error
    return connection, _checked(connection, path, create=True)


def open_for_reading(path: Path) -> tuple[duckdb.DuckDBPyConnection, CatalogueTables]:
    """Open an existing store without changing it; raises StoreError, also while a receiver holds it."""
    if not path.exists():
        raise StoreError(f"store {path} does not exist: give the file that sift-receiver was started with")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise StoreError(f"store {path} cannot be read (if a receiver holds it, stop that first): {error}") from error
    return connection, _checked(connection, path)


def catalog_name(connection: duckdb.DuckDBPyConnection) -> str:
    """Name the catalog, which DuckDB derives from the file name."""
    row = connection.execute("SELECT current_database()").fetchone()
    if row is None:
        raise StoreError("DuckDB does not name its current database")
    return str(row[0])


def _create_private(path: Path) -> None:
    # DuckDB creates files by the umask and takes no empty file, so the new one is made where nobody else can look.
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as private:
        fresh = Path(private) / path.name
        duckdb.connect(str(fresh)).close()
        fresh.chmod(0o600)
        os.link(fresh, path)


def _checked(connection: duckdb.DuckDBPyConnection, path: Path, *, create: bool = False) -> CatalogueTables:
    try:
        tables = catalogue_tables(catalog_name(connection))
        if create and not connection.execute("SELECT 1 FROM duckdb_tables() LIMIT 1").fetchone():
            _create_catalogue(connection, tables)
        found = _check_format(connection, tables, path)
        if create and found != STORE_FORMAT:
            _upgrade(connection, tables, found)
    except BaseException:
        connection.close()
        raise
    return tables


def _create_catalogue(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables) -> None:
    connection.begin()
    for target in tables.all:
        create_table(connection, target)
    insert_rows(connection, tables.receiver_store, [(STORE_FORMAT,)])
    connection.commit()


def _upgrade(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, found: int) -> None:
    connection.begin()
    for name in ADDED_SINCE[found]:
        create_table(connection, getattr(tables, name))
    insert_rows(connection, tables.receiver_store, [(STORE_FORMAT,)])
    connection.commit()


def _check_format(connection: duckdb.DuckDBPyConnection, tables: CatalogueTables, path: Path) -> int:
    try:
        found = connection.execute(f"SELECT max(format) FROM {tables.receiver_store.table}").fetchone()  # noqa: S608 - quoted
    except duckdb.Error as error:
        raise StoreError(f"{path} is a DuckDB file, but no store of this receiver: choose another file") from error
    number = found[0] if found else None
    if number is None or (number != STORE_FORMAT and number not in ADDED_SINCE):
        raise StoreError(f"store {path} has format {number}, this version reads {STORE_FORMAT}: use a new file")
    return int(number)
