"""docs/dictionary.md shows what the command really says and makes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.dictionary.pages import EXAMPLES
from tests.generator.test_command import sift_codegen

PAGE = EXAMPLES.parent / "docs/dictionary.md"


def test_the_page_quotes_what_the_command_says(tmp_path: Path) -> None:
    for name in ("vehicle.yaml", "named_expressions.yml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    quoted = re.search(r"```console\n\$ sift-codegen (.*)\n(.*\n)```", PAGE.read_text("utf-8"))
    assert quoted is not None
    done = sift_codegen(*quoted[1].split(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, quoted[2])


def test_its_picture_is_of_modest_size() -> None:
    assert (PAGE.parent / "dictionary.png").stat().st_size < 150_000
