"""`sift-codegen lint` as a process: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.generator.test_command import sift_codegen
from tests.lint.linting import written

WARNED: Final = "asset_name: rover\nflows:\n  - {name: f, channels: [{name: yes, data_type: double}]}\n"
WRONG: Final = WARNED.replace("yes", "é")
INFORMED: Final = WARNED.replace(
    "{name: yes, data_type: double}",
    "{name: g, data_type: bit_field, bit_field_elements: [{name: a, index: 1, bit_count: 1}]}",
)
TABLE: Final = '[[tool.sift-codegen.packages]]\nconfig = "%s"\noutput = "%s_telemetry"\n'


def lint_process(directory: Path, *words: str) -> tuple[int, str, str]:
    done = sift_codegen("lint", *words, cwd=directory)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_findings_go_to_standard_output_and_the_count_to_standard_error(tmp_path: Path) -> None:
    written(tmp_path, WARNED)
    shown = (
        "vehicle.yaml:3:33: warning[SC010]: ambiguous yes: rapidyaml reads the text 'yes', "
        "PyYAML reads the boolean true; quote it\n"
        "      - {name: f, channels: [{name: yes, data_type: double}]}\n"
        "                                    ^\n"
    )
    assert lint_process(tmp_path, "vehicle.yaml") == (0, shown, "1 finding: 1 warning; 1 can be mended by --fix\n")


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        (WARNED.replace("yes", "v"), (), 0),
        (WRONG, (), 1),
        (WRONG, ("--fail-on", "never"), 0),
        (WARNED, ("--fail-on", "warning"), 1),
        (INFORMED, ("--fail-on", "warning"), 0),
        (INFORMED, ("--fail-on", "info"), 1),
        (WRONG, ("--ignore", "SC30"), 0),
        (WRONG, ("--select", "SC1,SC2"), 0),
        (WRONG, ("--select", "SC1", "--select", "SC303"), 1),
        (WRONG + "  - {", ("--select", "SC1", "--fail-on", "never"), 2),
    ],
)
def test_exit_codes(tmp_path: Path, text: str, words: tuple[str, ...], code: int) -> None:
    written(tmp_path, text)
    assert lint_process(tmp_path, "vehicle.yaml", *words)[0] == code


def test_a_file_that_is_not_there_does_not_hide_the_others(tmp_path: Path) -> None:
    written(tmp_path, WRONG)
    code, out, err = lint_process(tmp_path, "nowhere.yaml", "vehicle.yaml")
    assert code == 2
    assert "nowhere.yaml:1:1: error[SC004]: cannot be read" in out
    assert "vehicle.yaml:3:33: error[SC303]" in out
    assert err == "2 findings: 2 errors\n"


def test_an_unknown_code_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    written(tmp_path, WRONG)
    code, out, err = lint_process(tmp_path, "vehicle.yaml", "--select", "SC1,SC3003")
    assert (code, out) == (2, "")
    assert "--select: 'SC3003' is no code and begins none; did you mean 'SC30" in err
    assert lint_process(tmp_path, "vehicle.yaml", "--ignore", "X")[2].endswith("the codes stand in docs/lint.md\n")


def test_json_is_one_document_with_a_version(tmp_path: Path) -> None:
    text = "asset_name: rover\nx-a: &v {name: yes, data_type: double}\nflows: [{name: f, channels: [*v, *v]}]\n"
    written(tmp_path, text)
    code, out, _ = lint_process(tmp_path, "vehicle.yaml", "--format", "json")
    document: dict[str, Any] = json.loads(out)
    assert (code, document["version"]) == (1, 1)
    first, second = document["findings"]
    assert (first["code"], first["severity"], first["fixable"], first["related"]) == ("SC010", "warning", True, [])
    assert second == {
        "code": "SC309",
        "severity": "error",
        "title": "duplicate channel in a flow",
        "path": "vehicle.yaml",
        "line": 3,
        "column": 34,
        "message": "the channel 'yes' stands twice in flow 'f'",
        "notes": ["first at vehicle.yaml:3:30"],
        "related": [{"path": "vehicle.yaml", "line": 3, "column": 30}],
        "fixable": True,
    }
    written(tmp_path, "asset_name: rover\n")
    assert json.loads(lint_process(tmp_path, "vehicle.yaml", "--format", "json")[1]) == {"version": 1, "findings": []}


def test_github_gets_workflow_commands_that_nothing_in_a_config_can_end(tmp_path: Path) -> None:
    written(tmp_path, WARNED.replace("yes", '"%0A::error::x\\n::é"'), "50%,a:b.yaml")
    code, out, _ = lint_process(tmp_path, "50%,a:b.yaml", "--format", "github")
    (line,) = out.splitlines()
    assert code == 1
    assert line.startswith("::error file=50%25%2Ca%3Ab.yaml,line=3,col=33,title=SC303 name that Sift refuses::")
    assert "%250A::error::x" in line
    assert lint_process(tmp_path, "50%,a:b.yaml", "--format", "github", "--ignore", "SC303")[1] == ""


def test_notes_and_severities_are_carried_to_github(tmp_path: Path) -> None:
    written(tmp_path, INFORMED + "  - {name: F, channels: [{name: c, data_type: int32}]}\n")
    _, out, _ = lint_process(tmp_path, "vehicle.yaml", "--format", "github", "--ignore", "SC311")
    assert [line.split(" ")[0] for line in out.splitlines()] == ["::notice", "::warning"]
    assert out.splitlines()[1].endswith("differ by case or punctuation only%0Afirst at vehicle.yaml:3:12")


def test_all_configs_of_a_project_are_looked_at_as_it_says(tmp_path: Path) -> None:
    written(tmp_path, WRONG)
    written(tmp_path, WARNED, "stand.yaml")
    tables = TABLE % ("vehicle.yaml", "vehicle") + TABLE % ("stand.yaml", "stand")
    written(tmp_path, tables + '[tool.sift-codegen.lint]\nignore = ["SC3"]\nfail-on = "warning"\n', "pyproject.toml")
    code, out, err = lint_process(tmp_path)
    assert (code, err) == (1, "1 finding: 1 warning; 1 can be mended by --fix\n")
    assert out.startswith("stand.yaml:3:33: warning[SC010]")
    assert lint_process(tmp_path, "--ignore", "SC0")[2] == "1 finding: 1 error\n"
    assert lint_process(tmp_path, "vehicle.yaml")[0] == 0
    assert not (tmp_path / "stand_telemetry").exists()
    written(tmp_path, tables + '[tool.sift-codegen.lint]\nselect = ["S1"]\n', "pyproject.toml")
    assert "select of [tool.sift-codegen.lint]: 'S1' is no code" in lint_process(tmp_path)[2]


def test_two_configs_of_a_project_must_not_share_a_key(tmp_path: Path) -> None:
    keyed = "asset_name: %s\ningestion_client_key: k\n"
    written(tmp_path, keyed % "rover")
    written(tmp_path, keyed % "stand", "stand.yaml")
    tables = TABLE % ("vehicle.yaml", "vehicle") + TABLE % ("stand.yaml", "stand")
    written(tmp_path, tables, "pyproject.toml")
    code, out, _ = lint_process(tmp_path)
    assert code == 1
    assert out.startswith("stand.yaml:2:23: error[SC011]: another config has the client key 'k' too")
    assert lint_process(tmp_path, "vehicle.yaml")[:2] == (0, "")


def test_fix_mends_and_shows_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, WARNED + "  - {name: g, channels: [{name: é, data_type: double}]}\n")
    code, out, err = lint_process(tmp_path, "vehicle.yaml", "--fix")
    assert (code, err) == (1, "1 finding mended; 1 finding: 1 error\n")
    assert out.startswith("vehicle.yaml:4:33: error[SC303]")
    assert '{name: "yes", data_type: double}' in path.read_text("utf-8")
    assert sift_codegen("vehicle.yaml", "-o", "sdk", cwd=tmp_path).returncode == 0


def test_without_a_config_or_a_project_it_says_what_to_name(tmp_path: Path) -> None:
    code, _, err = lint_process(tmp_path)
    assert code == 2
    assert "name a CONFIG" in err
