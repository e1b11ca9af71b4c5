"""`--fix`: what is certain is mended to the byte, and nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_codegen import SiftCodegenError
from sift_codegen._config import TelemetryConfig
from sift_codegen._lint import LintRequest, Selection, lint, mend
from sift_codegen._read_config import read_leniently
from tests.lint.both_loaders import read_with_both_loaders
from tests.lint.linting import codes_of, lint_text, written

HEAD: Final = "asset_name: rover  # the red one\n"


def mended(directory: Path, text: str) -> str:
    """Return a config after its mending; mending it again changes nothing."""
    path = written(directory, text)
    request = LintRequest(config=path)
    mend([request], Selection())
    once = path.read_bytes()
    assert mend([request], Selection())[1] == 0
    assert path.read_bytes() == once
    return once.decode()


def flow(*channels: str) -> str:
    return HEAD + "flows:\n  - name: f\n    channels:\n" + "".join(f"      - {channel}\n" for channel in channels)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{name: yes, data_type: double}", '{name: "yes", data_type: double}'),
        ("{name: 12, data_type: double}  # ours", '{name: "12", data_type: double}  # ours'),
        ("{name: !!str 12, data_type: double}", '{name: "12", data_type: double}'),
        ("{name: &n on, data_type: double, unit: *n}", '{name: &n "on", data_type: double, unit: *n}'),
        ("{name: &n !!str 1, data_type: double}", '{name: &n "1", data_type: double}'),
        ("{name: 1e3, data_type: double}", '{name: "1e3", data_type: double}'),
        ("{Name: v, dataType: double}", "{name: v, data_type: double}"),
        ("{unit: A, <<: *b, name: w}", "{<<: *b, unit: A, name: w}"),
        ("unit: A\n        <<:  *b", "<<:  *b\n        unit: A"),
        ("{unit: yes, <<: *b}", '{<<: *b, unit: "yes"}'),
        ("{name: v, data_type: double, unit: V, unit: V}", "{name: v, data_type: double, unit: V}"),
        ("{name: v, unit: V, data_type: double,\n         unit: V}", "{name: v, unit: V, data_type: double}"),
        (
            "{name: e, data_type: enum, enum_types: [{name: a, key: 0x10}, {name: a, key: 0x10}]}",
            "{name: e, data_type: enum, enum_types: [{name: a, key: 16}]}",
        ),
    ],
)
def test_what_is_certain_is_mended(tmp_path: Path, before: str, after: str) -> None:
    base = "x-base: &b {name: v, data_type: double, unit: V}\n"
    other = "{name: other, data_type: int32}"
    assert mended(tmp_path, base + flow(before, other)) == base + flow(after, other)


BLOCK: Final = """\
name: e  # the first
        data_type: enum
        enum_types:
          - name: a
            key: 1
          # once more
          - name: a
            key: 1
          - {name: b, key: 2}
          -   name: b
              key: 2
          - {name: b, key: 2}  # kept, as the comment would go
        unit: s
        unit: s"""


def test_whole_lines_go_where_values_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    expected = BLOCK.replace("          - name: a\n            key: 1\n          - {name: b", "          - {name: b")
    expected = expected.replace("          -   name: b\n              key: 2\n", "").replace("\n        unit: s", "", 1)
    assert mended(tmp_path, flow(BLOCK)) == flow(expected)


@pytest.mark.parametrize(
    "kept",
    [
        "{name: v, data_type: double, unit: V, unit: mV}",
        "{name: v, data_type: double, unit: ~}",
        "{name: e, data_type: enum, enum_types: [{name: a, key: 010}]}",
        "{name: e, data_type: enum, enum_types: [{name: a, key: 1_000}]}",
        "{name: v, data_type: double, Unit: V, UNIT: V}",
        "{name: v, data_type: double, unit: V, Unit: V}",
        "{name: v, data_type: double, descripton: V}",
        "{name: v, unit: a, data_type: double,  # first\n         unit: a}",
        "{name: v, unit: a,  # first\n         <<: &x {data_type: double, unit: b}}",
        "{name: v, data_type: double, unit: &u V, unit: &w V}",
        "name: v\n        data_type: double\n        unit: |\n          V\n        unit: |\n          V\n",
    ],
)
def test_what_is_in_doubt_is_left_alone(tmp_path: Path, kept: str) -> None:
    text = flow(kept)
    assert lint_text(tmp_path, text).findings
    assert mended(tmp_path, text) == text


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_bytes_that_are_not_at_fault_stay(tmp_path: Path, ending: str, mark: str) -> None:
    before = mark + flow("{name: yes, data_type: double}", "{name: \u2028é, data_type: double}").replace("\n", ending)
    doubled = before.replace(
        "channels:", f"channels: # all{ending}      - &x {{name: y, data_type: double}}{ending}      - *x"
    )
    assert mended(tmp_path, doubled) == doubled.replace("name: yes", 'name: "yes"').replace(f"{ending}      - *x", "")


def test_what_is_ignored_or_not_selected_is_not_mended(tmp_path: Path) -> None:
    text = flow("{name: yes, data_type: double}  # sift-codegen: ignore[SC010]")
    assert mended(tmp_path, text) == text
    path = written(tmp_path, flow("{name: yes, data_type: double, unit: V, unit: V}"))
    mend([LintRequest(config=path)], Selection(ignore=("SC010",)))
    assert path.read_text() == flow("{name: yes, data_type: double, unit: V}")


def test_the_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    real = written(tmp_path, flow("{name: yes, data_type: double}"), "real.yaml")
    real.chmod(0o640)
    link = tmp_path / "vehicle.yaml"
    link.symlink_to(real)
    assert mend([LintRequest(config=link)], Selection())[1] == 1
    assert link.is_symlink()
    assert 'name: "yes"' in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real.yaml", "vehicle.yaml"]


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, flow("{name: yes, data_type: double}"))

    def full(self: Path, target: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SiftCodegenError, match=r"cannot be written: .*No space left"):
        mend([LintRequest(config=path)], Selection())
    assert path.read_text() == flow("{name: yes, data_type: double}")
    assert [each.name for each in tmp_path.iterdir()] == ["vehicle.yaml"]


def test_both_loaders_read_the_mended_file_alike(tmp_path: Path) -> None:
    ambiguous = ["yes", "1e3", "nan", "0x1F", "2024-01-01", "12_5", "Off", "!!str 12", "=", "+5", ".inf"]
    channels = [f"{{name: {name}, data_type: double}}" for name in ambiguous]
    text = mended(tmp_path, flow(*channels))
    ((rapidyaml, pyyaml),) = read_with_both_loaders(tmp_path, [text])
    assert rapidyaml == pyyaml
    assert codes_of(lint_text(tmp_path, text).findings) == []


WORDS: Final = st.sampled_from(
    ["yes", "on", "12", "1e3", "0x10", "nan", "v", "w", "'q'", '"q"', "~", "a b", "!!str 7", "1_0"]
)
CHANNELS: Final = st.builds(
    "{{name: {0}, {4}: {1}, data_type: double{5}, unit: {2}{3}}}".format,
    WORDS,
    WORDS,
    WORDS,
    st.sampled_from(["", ", unit: v", ", unit: yes", ", <<: *b", " # ours\n        "]),
    st.sampled_from(["description", "Description", "x"]),
    st.sampled_from(["", ", DATA_TYPE: double"]),
)


@settings(max_examples=50)  # each is several files, written through to the disk
@given(
    channels=st.lists(CHANNELS, max_size=4), doubled=st.booleans(), labels=st.lists(st.tuples(WORDS, WORDS), max_size=4)
)
def test_mending_keeps_the_model_and_is_done_at_once(
    channels: list[str], doubled: bool, labels: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.getbasetemp()
    enum_types = "".join(f"\n          - {{name: {name}, key: {key}}}  # {name}" for name, key in labels)
    enum = f"name: e\n        data_type: enum\n        enum_types:{enum_types or ' []'}"
    base = "x-base: &b {name: base, data_type: int32, unit: A, description: merged}\n"
    text = base + flow(*channels, *(channels if doubled else []), enum)
    before = read_leniently(written(directory, text))
    after_text = mended(directory, text)
    after = read_leniently(directory / "vehicle.yaml")
    assert [line.partition("#")[2] for line in text.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in after_text.splitlines() if "#" in line
    ]
    mended_codes = {"SC001", "SC002", "SC014", "SC309"}
    revealed = {"SC101", "SC102", "SC309"}  # of parts that had no name before it was quoted
    assert {error.code for error in after.errors} <= {error.code for error in before.errors} | revealed
    if before.config and after.config and not {error.code for error in before.errors} & mended_codes:
        assert content(after.config) == content(before.config)


def content(config: TelemetryConfig) -> object:
    return config.asset_name, config.flows, config.rules, config.extension


def test_the_report_after_mending_is_that_of_the_new_file(tmp_path: Path) -> None:
    path = written(tmp_path, flow("{name: yes, data_type: double}", "{name: é, data_type: double}"))
    report, count = mend([LintRequest(config=path)], Selection())
    assert (codes_of(report.findings), count) == (["SC303"], 1)
    assert report.findings == lint([LintRequest(config=path)], Selection()).findings


UNTOUCHED = """\
asset_name: rover
x-mine: {retries: 010, on: yes, t: 1:30, h: 0x1F}
flows:
  - name: f
    channels:
      - name: a
        data_type: double
      -
        name: a
        data_type: double
      -  # a note
        name: a
        data_type: double
      - {name: z, data_type: enum, unit: &u 12, enum_types: [{name: g, key: *u}]}
"""


def test_what_is_another_tools_or_would_leave_something_behind_is_left(tmp_path: Path) -> None:
    assert mended(tmp_path, UNTOUCHED) == UNTOUCHED
