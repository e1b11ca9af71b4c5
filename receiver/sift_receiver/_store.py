"""The store: the catalogue to look things up in, and the ways to add to it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from sift_receiver._catalogue_loading import load_catalogue, load_rule_catalogue
from sift_receiver._columns import InsertTarget
from sift_receiver._row_decoder import Row
from sift_receiver._run_extents import load_extents
from sift_receiver._store_file import open_for_writing
from sift_receiver._writer import Batch, Change, StoreWriter

__all__ = ["Store"]

_T = TypeVar("_T")


class Store:
    """An open DuckDB store; everything it acknowledges survives a kill of the process."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raises StoreError."""
        connection, self.tables = open_for_writing(path)
        self.catalogue = load_catalogue(connection, self.tables)
        self.rules = load_rule_catalogue(connection, self.tables)
        self.extents = load_extents(connection, self.catalogue.all_flows())
        self._writer = StoreWriter(connection)

    @property
    def catalog(self) -> str:
        """The catalog name of the file within DuckDB."""
        return self.tables.assets.table.catalog

    def change(self, prepare: Change[_T]) -> _T:
        """Change the catalogue: `prepare` runs alone, in a transaction; its result publishes after the commit."""
        return self._writer.change(prepare)

    def append(self, target: InsertTarget, row: Row, size: int) -> Batch:
        """Hand over a row; it is committed with the returned batch."""
        return self._writer.append(target, row, size)

    def wait_until_committed(self, batch: Batch) -> None:
        """Return once the batch is committed; raises StoreError."""
        self._writer.wait_until_committed(batch)

    def close(self) -> None:
        """Commit what is left and close the file."""
        self._writer.close()
