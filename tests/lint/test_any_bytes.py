"""Any bytes can be linted, shown and mended; what is mended stays so, and is no worse than before."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from sift_codegen import SideInputs
from sift_codegen._lint import LintRequest, Selection, lint, mend, render_findings
from tests.config.test_any_bytes import EXPRESSIONS, YAML_WORDS

VALID: Final = (Path(__file__).parents[1] / "golden/rules/config.yaml").read_bytes()
AMBIGUOUS: Final = (
    *(
        "yes",
        "0x10",
        "!!str 1",
        "nan",
        "unit: V",
        "Unit: V",
        "name: v",
        "key: 1",
        "&b {",
        "*b",
        "unit: V, <<: *b}",
        "\r\n",
    ),
    *(
        "# sift-codegen: ignore[SC010] ",
        " # sift-codegen",
        "asset_name: a\nflows:\n  - name: f\n    channels:\n      - ",
    ),
)
CHANGES: Final = [b"", b"\t", b"*x", b": ", b"[", b"\xff", b"\n", b"- ", b"yes", b"12", b"#", b"  - *voltage\n", b"&a "]


def check(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "vehicle.yaml")
        path.write_bytes(content)
        request = LintRequest(config=path, side_inputs=SideInputs((EXPRESSIONS,), (path,)))
        before = lint([request], Selection())
        for form in ("text", "github", "json"):
            shown = render_findings(before.findings, form)
            assert all(line.isprintable() for line in shown.split("\n"))
        assert len(json.loads(shown)["findings"]) == len(before.findings)
        after, count = mend([request], Selection())
        once = path.read_bytes()
        assert (once == content) is (count == 0)
        assert not any(finding.fix for finding in after.findings)
        assert after.is_unreadable <= before.is_unreadable
        assert mend([request], Selection())[1] == 0
        assert path.read_bytes() == once


@settings(max_examples=50)  # each is several files, written through to the disk
@given(st.binary(max_size=200))
def test_bytes(content: bytes) -> None:
    check(content)


@settings(max_examples=50)  # each is several files, written through to the disk
@given(st.lists(st.sampled_from(YAML_WORDS + AMBIGUOUS) | st.text(max_size=4), max_size=40).map("".join))
def test_words_of_yaml(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=50)  # each is several files, written through to the disk
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_config_with_bytes_changed(chance: random.Random, changes: int) -> None:
    content = bytearray(VALID)
    for _ in range(changes):
        start = chance.randrange(len(content))
        content[start : start + chance.randrange(6)] = chance.choice(CHANGES)
    check(bytes(content))
