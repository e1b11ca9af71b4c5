"""Every fault of the table, a few times: each promise is kept. `make faults` makes them as often as the page says."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.row import Row, Setting
from faults.rows import ROWS


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Rows silence the runtime's log, which tells of every fault."""
    log = logging.getLogger("sift_runtime")
    level = log.level
    yield
    log.setLevel(level)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_promise_is_kept(row: Row, tmp_path: Path) -> None:
    result = row.run(Setting(row.short, tmp_path))
    assert result.kept, result.figure
    assert result.accepted > 0
    assert result.lost == 0
