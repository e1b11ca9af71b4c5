"""What is wrong with a column, in words that name row, value, limit and mend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ColumnProblem", "refuse_rows"]


class ColumnProblem(Exception):  # noqa: N818  # never leaves this package: SerializationError carries its texts
    """One column's problems, each with its channel."""

    def __init__(self, *problems: str) -> None:
        """Keep the texts."""
        self.problems = problems
        super().__init__(*problems)


def refuse_rows(where: str, values: Any, bad: NDArray[np.bool_], complaint: str) -> None:
    """Raise ColumnProblem for the first bad row, with its value and how many more there are, if there is any."""
    if bad.any():
        raise ColumnProblem(rows_text(where, bad, lambda row: f"{shown(values[row])} {complaint}"))


def rows_text(where: str, bad: NDArray[np.bool_], problem: Callable[[int], str]) -> str:
    """Return the problem of the first bad row, and how many more there are."""
    rows = np.flatnonzero(bad)
    others = f" (and {rows.size - 1} more row{'s' if rows.size > 2 else ''})" if rows.size > 1 else ""
    first = int(rows[0])
    return f"{where}, row {first}: {problem(first)}{others}"


def shown(value: object) -> str:
    """Return a value as Python would write it, without NumPy's type around it, cut where it is long."""
    plain = value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value
    text = str(plain) if isinstance(plain, np.datetime64) else repr(plain)
    return text if len(text) <= 80 else text[:77] + "..."
