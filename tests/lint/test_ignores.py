"""Comments that ignore findings, through the facade."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sift_codegen._lint import Selection
from tests.lint.linting import codes_of, found_in, lint_text

CHANNEL: Final = "asset_name: rover\nflows:\n  - name: f\n    channels:\n      - {name: é, data_type: double}"


def test_a_comment_ignores_its_code_on_its_line_only(tmp_path: Path) -> None:
    ignored = CHANNEL + "  # sift-codegen: ignore[SC303] ours\n"
    assert codes_of(lint_text(tmp_path, CHANNEL + "\n").findings) == ["SC303"]
    assert codes_of(lint_text(tmp_path, ignored).findings) == []
    assert codes_of(lint_text(tmp_path, ignored.replace("303", "302")).findings) == ["SC303", "SC020"]
    assert codes_of(lint_text(tmp_path, f"{CHANNEL}\n# sift-codegen: ignore[SC303]\n").findings) == ["SC303", "SC020"]


def test_a_comment_on_the_line_of_the_anchor_ignores_what_is_found_at_the_use(tmp_path: Path) -> None:
    text = (
        "asset_name: rover\nchannels:\n  a: &a {name: v, data_type: double, unit: V}\n"
        "  b: &b {name: v, data_type: double, unit: mV}{comment}\n"
        "flows:\n  - {name: f, channels: [*a]}\n  - {name: g, channels: [*b]}\n"
    )
    selection = Selection(select=("SC302", "SC020"))
    at_use = lint_text(tmp_path, text.replace("{comment}", ""), selection)
    assert [str(each.diagnostic.position).rpartition("yaml:")[2] for each in at_use.findings] == ["7:26"]
    assert "the anchor is at" in "".join(at_use.findings[0].diagnostic.notes)
    ignored = text.replace("{comment}", "  # sift-codegen: ignore[SC302]")
    assert codes_of(lint_text(tmp_path, ignored, selection).findings) == []


def test_one_comment_ignores_several_codes_and_the_unused_one_is_told_in_its_place(tmp_path: Path) -> None:
    text = CHANNEL + "  # sift-codegen: ignore[SC303, SC301]\n"
    assert found_in(tmp_path, text, "SC020") == []  # SC301 was not looked for
    report = lint_text(tmp_path, text)
    assert codes_of(report.findings) == ["SC020"]
    assert report.findings[0].diagnostic.message.startswith("nothing to ignore here: no SC301")
    assert report.findings[0].diagnostic.position.column == text.splitlines()[-1].index("SC301") + 1


def test_an_unknown_code_is_told_with_a_suggestion(tmp_path: Path) -> None:
    (told,) = found_in(tmp_path, CHANNEL + "  # sift-codegen: ignore[SC3003]\n", "SC021")
    assert told.startswith("5:")
    assert "no code 'SC3003'\ndid you mean 'SC30" in told


@pytest.mark.parametrize(
    "comment", ["# sift-codegen", "# sift-codegen: ignore", "#sift-codegen ignore[SC303]", "# Sift-Codegen: skip"]
)
def test_what_only_looks_like_an_instruction_is_told(tmp_path: Path, comment: str) -> None:
    assert codes_of(lint_text(tmp_path, f"{CHANNEL}  {comment}\n").findings) == ["SC303", "SC022"]


@pytest.mark.parametrize(
    "scalar",
    [
        "'a # sift-codegen: ignore[SC303]'",
        '"a # sift-codegen: ignore[SC303]"',
        "a# sift-codegen ignore[SC303]",
        "|\n          a\n          # sift-codegen: ignore[SC303]",
        '"a\n          # sift-codegen: ignore[SC303]"',
    ],
)
def test_a_hash_inside_a_value_is_no_comment(tmp_path: Path, scalar: str) -> None:
    channel = f"      - name: c\n        data_type: double\n        description: {scalar}\n"
    text = f"asset_name: rover\nflows:\n  - name: f\n    channels:\n{channel}"
    assert codes_of(lint_text(tmp_path, text).findings) == []


def test_a_comment_behind_the_beginning_of_a_block_is_one(tmp_path: Path) -> None:
    channel = "      - name: c\n        data_type: double\n        description: |  # sift-codegen: ignore[SC303]\n"
    text = f"asset_name: rover\nflows:\n  - name: f\n    channels:\n{channel}          a\n"
    assert codes_of(lint_text(tmp_path, text).findings) == ["SC020"]


QUOTED: Final = st.text(alphabet="#[]: sift-codegen:ignore\n\\'\"SC303é\u2028", max_size=30)


@given(before=QUOTED, after=QUOTED)
def test_of_any_texts_only_the_comment_between_counts(
    before: str, after: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import yaml

    def line(key: str, text: str) -> str:
        marked = f"# sift-codegen: ignore[SC303] {text}"
        return f"x-{key}: {yaml.safe_dump(marked, default_style=chr(34), width=10**6).strip()}"

    text = f"{line('a', before)}\n{CHANNEL} # sift-codegen: ignore[SC303]\n{line('b', after)}\n"
    assert codes_of(lint_text(tmp_path_factory.getbasetemp(), text).findings) == []
