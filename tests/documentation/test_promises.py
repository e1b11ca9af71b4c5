"""What the pages say of the spool is what it does, and each promise has a fault that tests it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from faults.page import RESULTS, table
from faults.rows import ROWS
from tests.spool.conftest import leave

ROOT: Final = Path(__file__).parents[2]
RELIABILITY: Final = (ROOT / "docs/reliability.md").read_text("utf-8")
# The name of a directory and the time of a segment are new each time.
_VARIABLE: Final = re.compile(r"\b[0-9a-f]{16}\b|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def test_every_promise_of_the_readme_has_its_row_and_every_row_its_promise() -> None:
    linked = re.findall(r"docs/reliability\.md#([\w-]+)", (ROOT / "README.md").read_text("utf-8"))
    assert sorted(linked) == sorted(row.name for row in ROWS)
    assert all(f'<a id="{name}"></a>' in RELIABILITY for name in linked)


def test_the_table_is_the_rendering_of_the_results() -> None:
    results = json.loads(RESULTS.read_text("utf-8"))
    assert results.keys() == {row.name for row in ROWS}
    assert table(results) in RELIABILITY
    assert {row.name: results[row.name]["times"] for row in ROWS} == {row.name: row.times for row in ROWS}


def test_sift_spool_prints_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(tmp_path / "spool")
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```console\n(\$ sift-spool.*?)```", (ROOT / "docs/spool.md").read_text("utf-8"), re.DOTALL)
    shown = [(*each.split("\n", 1),) for each in block.split("$ ")[1:]]
    assert len(shown) == 3
    for command, printed in shown:
        program, *arguments = command.split()
        line = [str(Path(sys.executable).parent / program), *arguments]
        told = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
        assert _VARIABLE.sub("…", told.stdout) == _VARIABLE.sub("…", printed)
