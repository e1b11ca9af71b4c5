"""Rows that no server takes: only strings and bytes can be that long."""

from __future__ import annotations

from typing import Final

import numpy as np

from sift_runtime._columnar.arrays import chunks
from sift_runtime._columnar.plan import CheckedColumns, FixedColumn
from sift_runtime._columnar.problems import ColumnProblem
from sift_runtime._columnar.segments import Texts
from sift_runtime._frames import LARGEST_REQUEST

__all__ = ["LARGEST_VALUES", "require_sendable"]

LARGEST_VALUES: Final = LARGEST_REQUEST - 64 * 1024
"""Bytes of one row's channel values; what is left of a request's 4 MiB is for ids, names and time."""

_MOST_PER_CHARACTER: Final = 4  # bytes, in UTF-8
_MOST_AROUND: Final = 16  # bytes before a text, or of a whole integer


def require_sendable(checked: CheckedColumns) -> None:
    """Refuse the columns where the channel values of a row are too long, as a single flow is refused."""
    texts = [column for column in checked.columns if isinstance(column, Texts)]
    others = sum(
        len(column.part.template) if isinstance(column, FixedColumn) else _MOST_AROUND for column in checked.columns
    )
    for rows in chunks(checked.rows) if texts else ():
        characters = sum((text.characters(rows) for text in texts), np.full(rows.stop - rows.start, others, np.int64))
        for row in np.flatnonzero(characters * _MOST_PER_CHARACTER > LARGEST_VALUES).tolist():
            start = rows.start + row
            size = others + sum(int(text.prepare(slice(start, start + 1))[0]) for text in texts)
            if size > LARGEST_VALUES:
                limit = "Sift accepts requests of up to 4 MiB"
                raise ColumnProblem(f"row {start}: its channel values take {size} bytes; {limit}")
