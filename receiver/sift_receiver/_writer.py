"""The one thread that writes to DuckDB.

Rows of all streams gather in an open batch; the thread commits it as one transaction when somebody waits for it, when
it is large, or after a short while. Catalogue changes are run one by one between batches.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

import duckdb

from sift_receiver._columns import InsertTarget, insert_rows
from sift_receiver._errors import StoreError
from sift_receiver._row_decoder import Row

__all__ = ["Batch", "Change", "StoreWriter"]

_T = TypeVar("_T")
# Prepares a change inside a transaction; what it returns is run once the transaction is committed.
Change = Callable[[duckdb.DuckDBPyConnection], Callable[[], _T]]

_BATCH_ROWS = 10_000
_BATCH_BYTES = 16 << 20
_LINGER_SECONDS = 0.1
_log = logging.getLogger(__name__)


class Batch:
    """Rows that are committed together. `committed` resolves after the commit, or fails with StoreError."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: dict[InsertTarget, list[Row]] = {}
        self.row_count = 0
        self.byte_count = 0
        self.committed: Future[None] = Future()

    def add(self, target: InsertTarget, row: Row, size: int) -> None:
        """Put in one row; `size` is that of its request, in bytes."""
        self.rows.setdefault(target, []).append(row)
        self.row_count += 1
        self.byte_count += size

    @property
    def full(self) -> bool:
        """Whether it should wait for no further row."""
        return self.row_count >= _BATCH_ROWS or self.byte_count >= _BATCH_BYTES


class StoreWriter:
    """Owns the writing connection and its thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Start the thread; the connection belongs to it from now on."""
        self._connection = connection
        self._batch = Batch()
        self._changes: deque[Callable[[], None]] = deque()
        self._wanted = False
        self._closing = False
        lock = threading.Lock()
        self._work = threading.Condition(lock)
        self._room = threading.Condition(lock)
        self._thread = threading.Thread(target=self._run, name="sift-receiver-writer", daemon=True)
        self._thread.start()

    def append(self, target: InsertTarget, row: Row, size: int) -> Batch:
        """Put a row into the open batch and return that batch; waits while the batch is full (back-pressure)."""
        with self._work:
            self._room.wait_for(lambda: self._closing or not self._batch.full)
            self._refuse_if_closing()
            self._batch.add(target, row, size)
            if self._batch.row_count == 1 or self._batch.full:
                self._work.notify()
            return self._batch

    def wait_until_committed(self, batch: Batch) -> None:
        """Return once the rows of this batch are committed; raises StoreError if they could not be."""
        with self._work:
            if batch is self._batch:
                self._wanted = True
                self._work.notify()
        batch.committed.result()

    def change(self, prepare: Change[_T]) -> _T:
        """Run a change in its own transaction on the writer thread; what it raises is raised here, rolled back."""
        result: Future[_T] = Future()
        with self._work:
            self._refuse_if_closing()
            self._changes.append(lambda: self._run_change(prepare, result))
            self._work.notify()
        return result.result()

    def close(self) -> None:
        """Commit what was appended, end the thread and close the connection, which also empties the write-ahead log."""
        with self._work:
            self._closing = True
            self._work.notify()
            self._room.notify_all()
        self._thread.join()
        self._connection.close()

    def _refuse_if_closing(self) -> None:
        if self._closing:
            raise StoreError("the store is closed: the receiver is shutting down")

    def _run(self) -> None:
        closing = False
        while not closing:
            changes, batch, closing = self._take()
            for change in changes:
                change()
            if batch.row_count:
                self._commit(batch)

    def _take(self) -> tuple[list[Callable[[], None]], Batch, bool]:
        with self._work:
            self._work.wait_for(lambda: self._pressing() or self._batch.row_count)
            self._work.wait_for(self._pressing, _LINGER_SECONDS)
            changes, batch = list(self._changes), self._batch
            self._changes.clear()
            self._batch = Batch()
            self._wanted = False
            self._room.notify_all()
            return changes, batch, self._closing

    def _pressing(self) -> bool:
        return bool(self._changes or self._closing or self._wanted or self._batch.full)

    def _commit(self, batch: Batch) -> None:
        try:
            with self._transaction():
                for target, rows in batch.rows.items():
                    insert_rows(self._connection, target, rows)
        except Exception as error:  # noqa: BLE001 - the thread must live on; the error goes to everyone who waits
            _log.error("%d rows could not be committed: %s", batch.row_count, error)
            batch.committed.set_exception(StoreError(f"rows could not be committed to the store: {error}"))
        else:
            batch.committed.set_result(None)

    def _run_change(self, prepare: Change[_T], result: Future[_T]) -> None:
        try:
            with self._transaction():
                publish = prepare(self._connection)
            result.set_result(publish())
        except duckdb.Error as error:
            result.set_exception(StoreError(f"the catalogue could not be written to the store: {error}"))
        except Exception as error:  # noqa: BLE001 - raised again in the thread that asked for the change
            result.set_exception(error)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.begin()
        try:
            yield
            self._connection.commit()
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        try:
            self._connection.rollback()
        except duckdb.Error as error:
            # A commit that failed has already ended the transaction; the first error is the one that counts.
            _log.debug("nothing left to roll back: %s", error)
