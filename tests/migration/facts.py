"""All that lies in a store, as facts by name, without what differs from one flight to the next: ids, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import runs_pb2 as runs

from .rule_facts import rule_facts

__all__ = ["Facts", "stored_facts"]

Facts = dict[str, object]
_FLOWS: Final = """
    SELECT client_key, flow, flows.definition, schema_name, table_name
    FROM flows JOIN ingestion_configs USING (ingestion_config_id)
"""


def stored_facts(store: Path, began_ns: int) -> Facts:
    """Return what a store holds; a time from `began_ns` on is called now."""
    with duckdb.connect(str(store), read_only=True) as connection:
        return dict(_all(connection, began_ns))


def _all(connection: duckdb.DuckDBPyConnection, began_ns: int) -> Iterator[tuple[str, object]]:
    yield from _catalogue(connection)
    run_names = dict(_run_names(connection))
    yield from _runs(connection, run_names)
    for key, flow, definition, schema, table in _query(connection, _FLOWS):
        yield f"{key}, {flow}", str(configs.FlowConfig.FromString(definition))
        for number, columns in enumerate(_rows(connection, f'"{schema}"."{table}"')):
            yield f"{key}, {flow}, reading {number}", _reading(columns, run_names, began_ns)


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[dict[str, Any]]:
    rows = connection.execute(f"SELECT * EXCLUDE (timestamp) FROM {table} ORDER BY rowid")
    names = [column[0] for column in rows.description or ()]
    yield from (dict(zip(names, values, strict=True)) for values in rows.fetchall())


def _reading(columns: dict[str, Any], run_names: dict[str, str], began_ns: int) -> dict[str, object]:
    """Return the values by column, those that are NULL left out."""
    when = "now" if columns["timestamp_ns"] >= began_ns else columns["timestamp_ns"]
    run = run_names.get(columns["run_id"], columns["run_id"])
    named = {**columns, "timestamp_ns": when, "run_id": run}
    return {name: value for name, value in named.items() if value is not None}


def _catalogue(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, object]]:
    assets, tags = (dict(_query(connection, f"SELECT {one}_id, name FROM {one}s")) for one in ("asset", "tag"))
    yield "assets", sorted(assets.values())
    yield "tags", sorted(tags.values())
    for asset, key in _query(connection, "SELECT asset_id, client_key FROM ingestion_configs"):
        yield f"config {key}", assets[asset]
    definitions = [row[0] for row in _query(connection, "SELECT definition FROM rules")]
    yield from rule_facts(definitions, assets, tags)
    yield "errors", _query(connection, "SELECT flow, reason FROM errors ORDER BY received_ns")


def _run_names(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Yield a name for each run, by its id; a second one of the same name is called so."""
    query = "SELECT run_id, name, row_number() OVER (PARTITION BY name ORDER BY created, rowid) FROM runs"
    for run_id, name, number in _query(connection, query):
        yield run_id, name if number == 1 else f"{name} ({number})"


def _runs(connection: duckdb.DuckDBPyConnection, names: dict[str, str]) -> Iterator[tuple[str, object]]:
    for run in (runs.Run.FromString(row[0]) for row in _query(connection, "SELECT definition FROM runs")):
        name = f"run {names[run.run_id]}"
        yield f"{name}: description", run.description
        yield f"{name}: tags", list(run.tags)
        yield f"{name}: metadata", sorted(str(entry) for entry in run.metadata)
        yield f"{name}: organization", run.organization_id
        yield f"{name}: has a client key", run.HasField("client_key")
        yield f"{name}: started, stopped", (run.HasField("start_time"), run.HasField("stop_time"), run.is_stopped)


def _query(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()
