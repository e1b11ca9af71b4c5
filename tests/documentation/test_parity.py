"""docs/parity.md has all that sift_py's ingestion has, and proofs that are there."""

from __future__ import annotations

import ast
import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Final

from tests.migration.page import sections
from tests.peers.environment import peers_environment

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGE: Final = (DOCS / "parity.md").read_text("utf-8")
LIST: Final = Path(__file__).with_name("scripts") / "list_sift_py.py"
IS_NOT_CALLED: Final = {
    "RuleAction",
    "RuleActionKind",
    "RuleActionAnnotationKind",
    "ChannelDataType",
    "ChannelDataTypeStrRep",
}
"""Of which only the methods are of use."""


def cells() -> list[tuple[str, str, str]]:
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")]
    assert all(len(row) == 3 for row in rows)
    return [(row[0], row[1], row[2]) for row in rows if row[0] not in ("sift_py", "---")]


def offered() -> list[str]:
    command = [str(peers_environment().command("python")), "-W", "ignore", str(LIST)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    found: list[str] = json.loads(done.stdout)
    return found


@functools.cache
def functions(path: Path) -> frozenset[str]:
    return frozenset(
        node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )


def test_everything_that_sift_py_offers_has_its_row() -> None:
    named = {name for theirs, _, _ in cells() for name in re.findall(r"`([^`]+)`", theirs)}
    wanted = set(offered()) - IS_NOT_CALLED
    assert len(wanted) > 80
    assert wanted - named == set()


def test_every_row_says_what_proves_it() -> None:
    for theirs, ours, proof in cells():
        assert ours, theirs
        assert re.search(r"\]\((\.\./tests/|migration\.md#|reliability\.md)", proof), theirs


def test_every_proof_is_there() -> None:
    tests = re.findall(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)", PAGE)
    assert len(tests) == PAGE.count("](../tests/") > 80
    for name, path in tests:
        assert name in functions(DOCS.parent / path), f"{path}::{name}"


def test_every_pair_that_is_named_is_one() -> None:
    pairs = {each.heading for each in sections() if each.half("sift_py") and each.half("sift_runtime")}
    for heading, anchor in re.findall(r"\[([^\]]+)\]\(migration\.md#([\w-]+)\)", PAGE):
        assert heading in pairs
        assert anchor == re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
