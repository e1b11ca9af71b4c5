"""From a CSV file to a config of one flow: names and units from its header, types from its first rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_codegen._importing._csv_rows import DELIMITERS, read_rows
from sift_codegen._importing._csv_types import Column, is_number, is_time
from sift_codegen._importing._imported import Imported, ImportedChannel, ImportedFlow, ImportingError, Source, finish
from sift_codegen._importing._unique import Names

__all__ = ["CsvRequest", "import_csv"]

_MOST_COLUMNS: Final = 100_000
_TIME_NAMES: Final = frozenset(
    {"time", "timestamp", "datetime", "date time", "date_time", "utc", "epoch", "ts", "time stamp", "time_stamp"}
)
_WITH_UNIT: Final = re.compile(r"(?P<name>.*\S)\s*(?:\((?P<round>[^()\[\]]*)\)|\[(?P<square>[^()\[\]]*)\])", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRequest:
    """A CSV file and what is known of it; asset and flow are named as the file where they are not named here.

    `rows` is how many rows are looked at; memory does not grow with the file.
    """

    path: Path
    asset: str | None = None
    flow: str | None = None
    delimiter: str | None = None
    rows: int = 10_000
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    columns: list[Column]
    rows: int
    has_more: bool
    delimiter: str
    encoding: str


def import_csv(request: CsvRequest) -> Imported:
    """Return the config of a CSV file; raises ImportingError where it has no header, no rows, or is no CSV."""
    table = _table(request)
    time, how = _time_column(table.columns)
    channels, notes = _channels([column for column in table.columns if column is not time])
    if not channels:
        raise ImportingError(f"{request.path}: has no column but the time")
    flow = ImportedFlow(request.flow or request.path.stem, tuple(channels))
    asset = request.asset or request.path.stem
    sampled = _sampled(table)
    told = [sampled, *_told_of(table, time, how), *notes]
    source = Source(path=request.path, asset=asset, output=request.output, comments=(f"Types are {sampled}.",))
    return finish(source, (flow,), tuple(told))


def _table(request: CsvRequest) -> _Table:
    marks = _beginning(request.path)
    encoding = "utf-16" if marks in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return _read(request, encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise ImportingError(f"{request.path}: begins as UTF-16, but is none: {error.reason}") from error
        return _read(request, "latin-1")
    except UnicodeError as error:  # which the decoder of UTF-16 raises of its own
        raise ImportingError(f"{request.path}: begins as UTF-16, but is none: {error}") from error


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(2)
    except OSError as error:
        raise ImportingError(f"{path}: cannot be read: {error.strerror or error}") from error


def _read(request: CsvRequest, encoding: str) -> _Table:
    # One row more than asked for tells whether there are more.
    delimiter, rows = read_rows(request.path, encoding, request.delimiter, request.rows + 1)
    _, header = next(rows, (0, []))
    columns = _columns(request.path, header)
    count = 0
    for line, cells in rows:
        if count == request.rows:
            return _Table(columns, count, True, delimiter, encoding)
        _see(columns, cells, f"{request.path}:{line}")
        count += 1
    if not count:
        raise ImportingError(f"{request.path}: has a header and no rows: nothing tells the types")
    return _Table(columns, count, False, delimiter, encoding)


def _columns(path: Path, header: list[str]) -> list[Column]:
    if not header:
        raise ImportingError(f"{path}: is empty; its first row has to name the columns")
    if len(header) > _MOST_COLUMNS:
        raise ImportingError(f"{path}: has {len(header)} columns; at most {_MOST_COLUMNS} can be imported")
    names = [cell.strip() for cell in header]
    if all(is_number(name) or is_time(name) for name in names if name):
        raise ImportingError(f"{path}: has no header: its first row is values; it has to name the columns")
    return [Column(index, name) for index, name in enumerate(names)]


def _see(columns: list[Column], cells: list[str], place: str) -> None:
    if any(cell.strip() for cell in cells[len(columns) :]):
        message = f"{place}: has {len(cells)} cells; the header has {len(columns)}: quote what has a delimiter in it"
        raise ImportingError(f"{message}, or name the delimiter (--delimiter)")
    for column in columns:
        column.see(cells[column.index] if column.index < len(cells) else "")


def _time_column(columns: list[Column]) -> tuple[Column | None, str]:
    """Return the column that holds the time of each row, and how it was known; the first of the best sign."""
    for column in columns:
        if column.may_be_time and _name_and_unit(column.header)[0].casefold() in _TIME_NAMES:
            return column, "by its name"
    for column in columns:
        if column.is_iso:
            return column, "by its values, ISO 8601"
    first = columns[0]
    return (first, "by its values, time since 1970") if first.is_epoch else (None, "")


def _channels(columns: list[Column]) -> tuple[list[ImportedChannel], list[str]]:
    names, notes, channels = Names(), [], []
    for column in columns:
        wanted, unit = _name_and_unit(column.header)
        name = names.take(wanted or f"column_{column.index + 1}")
        if name != wanted:
            why = f"{wanted!r} is taken" if wanted else "it has no name"
            notes.append(f"column {column.index + 1} is called {name!r}: {why}")
        if not column.values:
            notes.append(f"column {column.index + 1} ({name!r}) has no values: string, until you know better")
        channels.append(
            ImportedChannel(
                name=name,
                data_type=column.data_type,
                unit=unit,
                origin=f"column {column.index + 1}",
                is_optional=column.has_gaps,
            )
        )
    return channels, notes


def _name_and_unit(header: str) -> tuple[str, str]:
    """Take `speed (m/s)` and `speed [m/s]` apart."""
    match = _WITH_UNIT.fullmatch(header)
    unit = (match["round"] or match["square"] or "").strip() if match else ""
    return (match["name"], unit) if match and unit else (header, "")


def _sampled(table: _Table) -> str:
    rows = f"{table.rows} row{'' if table.rows == 1 else 's'}"
    return f"inferred from the first {rows}, of more" if table.has_more else f"inferred from all {rows}"


def _told_of(table: _Table, time: Column | None, how: str) -> Iterator[str]:
    yield f"columns are divided by {DELIMITERS.get(table.delimiter, repr(table.delimiter))}"
    if table.encoding == "latin-1":
        yield "the file is no UTF-8; it was read as Latin-1"
    elif table.encoding == "utf-16":
        yield "the file is UTF-16"
    if time is None:
        yield "no column is the time of its row"
    else:
        yield f"column {time.index + 1} ({time.header!r}) is the time of its row ({how}), so no channel"
