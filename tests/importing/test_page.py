"""The page shows what the command prints."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.documentation.test_command_pages import consoles, printed_by
from tests.importing.importing import FILES


def test_the_page_shows_what_the_command_prints(tmp_path: Path) -> None:
    for name in ("rover.dbc", "flight.csv"):
        shutil.copy(FILES / name, tmp_path)
    shown = consoles("importing.md")
    assert len(shown) == 3
    for command, printed in shown:
        assert printed_by(command, tmp_path) == printed, command
