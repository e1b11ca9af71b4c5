"""Summaries as plain aligned tables, and a command to look further."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sift_receiver._channel_summary import ChannelSummary, ElementSummary, Value
from sift_receiver._timestamps import format_nanoseconds
from sift_receiver.summary import ErrorSummary, FlowSummary

__all__ = ["duckdb_command", "summary_text"]

_HEADINGS = ("channel", "type", "unit", "min", "max", "last", "labels seen")
_LONGEST_CELL = 40


def summary_text(flows: Sequence[FlowSummary], errors: Sequence[ErrorSummary], store: Path) -> str:
    """Write the whole store: a table per flow, the refused requests, and how to look further."""
    parts = [_flow_text(flow) for flow in flows] or ["no flows are registered in this store"]
    if errors:
        parts.append("\n".join(["refused requests (table main.errors):", *map(_error_text, errors)]))
    with_rows = [flow for flow in flows if flow.rows]
    if with_rows:
        parts.append(f"to look further:\n  {duckdb_command(store, with_rows[0])}")
    return "\n\n".join(parts)


def duckdb_command(store: Path, flow: FlowSummary) -> str:
    """Write a shell command that prints the newest rows of a flow."""
    query = f"SELECT * FROM {flow.table} ORDER BY timestamp_ns DESC LIMIT 5"  # noqa: S608 - the name is quoted
    path, text = (json.dumps(value, ensure_ascii=False) for value in (str(store), query))
    program = f"import duckdb; duckdb.connect({path}, read_only=True).sql({text}).show()"
    return f"{shlex.quote(_python())} -c {shlex.quote(program)}"


def _python() -> str:
    """Name this interpreter as shortly as a shell in the current directory would find it."""
    if shutil.which("python") == sys.executable:
        return "python"
    executable = Path(sys.executable)
    return str(executable.relative_to(Path.cwd())) if executable.is_relative_to(Path.cwd()) else sys.executable


def _flow_text(flow: FlowSummary) -> str:
    title = f"{_printable(flow.asset)} / {_printable(flow.flow)}: {flow.rows} rows in {_printable(flow.table)}"
    if flow.first_timestamp is None or flow.last_timestamp is None:
        return title
    span = f"first {format_nanoseconds(flow.first_timestamp)}, last {format_nanoseconds(flow.last_timestamp)} (UTC)"
    rows = [row for channel in flow.channels for row in _channel_rows(channel)]
    return "\n".join([title, span, *_aligned(_without_empty_columns([_HEADINGS, *rows]))])


def _channel_rows(channel: ChannelSummary) -> Iterator[tuple[str, ...]]:
    name = _shortened(_printable(channel.name))
    labels = _shortened(", ".join(map(_printable, channel.labels)))
    yield name, channel.data_type, _printable(channel.unit), *map(_cell, _range_and_last(channel)), labels
    for element in channel.elements:
        yield _shortened(f"  .{_printable(element.name)}"), "", "", *map(_cell, _range_and_last(element)), ""


def _range_and_last(summary: ChannelSummary | ElementSummary) -> tuple[Value, Value, Value]:
    return summary.minimum, summary.maximum, summary.last


def _without_empty_columns(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    kept = [number for number in range(len(rows[0])) if any(row[number] for row in rows[1:])]
    return [[row[number] for number in kept] for row in rows]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _cell(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bytes):
        return _shortened(f"0x{value.hex()}")
    if isinstance(value, float):
        return f"{value:.9g}"
    return _shortened(_printable(str(value)))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def _printable(text: str) -> str:
    # Wire names and strings may hold anything; a terminal must not act on it.
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _error_text(error: ErrorSummary) -> str:
    return f"  {error.reason}: {error.requests} (last: {_printable(error.last_message)})"
