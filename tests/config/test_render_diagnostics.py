"""How a finding is shown: its place, the line it is about, a mark below it, and the notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sift_codegen import ConfigError, Diagnostic
from sift_codegen._render_diagnostics import render_diagnostic
from tests.config.reading import read


def first_error(tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch) -> Diagnostic:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        read(Path(), content)
    return caught.value.diagnostics[0]


def test_like_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = first_error(tmp_path, "asset_name: rover\nflowz:  []\n", monkeypatch)
    assert render_diagnostic(error).split("\n") == [
        "vehicle.yaml:2:1: unknown key 'flowz' in the config",
        "    flowz:  []",
        "    ^",
        "    did you mean 'flows'?",
    ]


def test_a_warning_says_so(tmp_path: Path) -> None:
    channel = "{name: n, data_type: double, component: c}"
    config = read(tmp_path, f"asset_name: rover\nflows: [{{name: f, channels: [{channel}]}}]\n")
    shown = render_diagnostic(config.warnings[0]).split("\n")
    assert shown[0] == f"{tmp_path / 'vehicle.yaml'}:2:70: warning: 'component' of channel 'n' is deprecated"
    assert shown[2] == " " * (4 + 69) + "^"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_the_mark_stands_below_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line_break: str) -> None:
    error = first_error(tmp_path, f'# é\tü{line_break}{{"x-\u2028é":\t1, asset_name: [1]}}{line_break}', monkeypatch)
    assert render_diagnostic(error).split("\n")[1:] == [
        '    {"x-\\u2028é": 1, asset_name: [1]}',
        "                                 ^",
    ]


def test_of_a_long_line_the_part_around_the_place_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = first_error(tmp_path, f"asset_name: {{{' ' * 5000}}}\n", monkeypatch)
    far = first_error(tmp_path, f"{{x-a: {'b' * 5000}, asset_name: 1, x-c: {'c' * 5000}}}\n", monkeypatch)
    for found in (error, far):
        _, line, mark, *_ = render_diagnostic(found).split("\n")
        assert len(line) <= 170
        assert len(mark) <= 170
    _, line, mark, *_ = render_diagnostic(far).split("\n")
    assert line[mark.index("^") :].startswith("1, x-c: ccc")


def test_an_empty_file_has_no_line_to_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = first_error(tmp_path, "", monkeypatch)
    assert render_diagnostic(error) == "vehicle.yaml:1:1: the config is empty; it needs 'asset_name'"


def test_a_message_cannot_leave_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = first_error(tmp_path, 'asset_name: rover\n"a\\nb\\e[31m": 1\n', monkeypatch)
    assert render_diagnostic(error).split("\n") == [
        "vehicle.yaml:2:1: unknown key 'a\\nb\\x1b[31m' in the config",
        '    "a\\nb\\e[31m": 1',
        "    ^",
    ]
