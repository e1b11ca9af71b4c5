"""What docs/check.md and docs/diff.md show is what the commands say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.pages import as_run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["check.md", "diff.md"])
def test_a_page_shows_what_the_commands_say(tmp_path: Path, name: str) -> None:
    page = ROOT / "docs" / name
    assert as_run(page, tmp_path).splitlines() == page.read_text("utf-8").splitlines()
