"""The page of the linter: each code has its section, and its examples are good and bad in truth."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from sift_codegen import SideInputs
from sift_codegen._lint import CODES, LintReport, LintRequest, Selection, lint
from tests.generator.test_command import sift_codegen
from tests.lint.both_loaders import read_with_both_loaders
from tests.lint.linting import codes_of, written

PAGE: Final = (Path(__file__).parents[2] / "docs/lint.md").read_text("utf-8")
SECTIONS: Final = dict(re.findall(r"^### (SC\d+)\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE))
_EXPRESSIONS: Final = ("expressions.yml", "more_expressions.yml")
_TOO_MANY_MERGES: Final = "".join(f"x-{at + 1}: &m{at + 1} {{<<: *m{at}}}\n" for at in range(101))


def test_every_code_has_a_section_and_a_row() -> None:
    assert list(SECTIONS) == list(CODES)
    rows = re.findall(r"^\| \[(SC\d+)\]\(#(sc\d+)\) \| (\w+) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    expected = [(each.code, each.code.lower(), each.severity.value, each.title, each.reason) for each in CODES.values()]
    assert rows == expected


@pytest.mark.parametrize("code", CODES)
def test_the_section_says_what_and_why(code: str) -> None:
    known = CODES[code]
    title = known.title[0].upper() + known.title[1:]
    assert SECTIONS[code].startswith(f"\n{title} ({known.severity.value}). ")
    assert f"\n\nWhy: {known.reason}\n\nBad:\n\n" in SECTIONS[code]


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_is_found_and_the_good_one_has_no_finding(tmp_path: Path, code: str) -> None:
    bad_blocks, good_blocks = _examples(code)
    missing = [tmp_path / "missing.yml"] if code == "SC004" else []
    bad, good = _linted(tmp_path, bad_blocks, missing), _linted(tmp_path, good_blocks, [])
    assert code in codes_of(bad.findings)
    assert {each.diagnostic.severity for each in bad.findings if each.code == code} == {CODES[code].severity}
    assert codes_of(good.findings) == []


def _examples(code: str) -> tuple[list[str], list[str]]:
    bad, good = SECTIONS[code].split("\nGood:\n")
    return _blocks(bad), _blocks(good)


def _blocks(text: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def _linted(directory: Path, blocks: list[str], expressions: list[Path]) -> LintReport:
    """Lint the files of an example; what a fragment leaves out is filled in."""
    configs: list[Path] = []
    for block in blocks:
        named = re.match(r"# (\w+\.ya?ml)\n", block)
        name = named[1] if named else "vehicle.yaml"
        path = written(directory, _whole(block) if name.endswith(".yaml") else block, name)
        (expressions if name in _EXPRESSIONS else configs).append(path)
    side_inputs = SideInputs(named_expressions=tuple(expressions))
    return lint([LintRequest(config=path, side_inputs=side_inputs) for path in configs], Selection())


def _whole(block: str) -> str:
    text = re.sub(r"^# and a hundred more: .*\n", _TOO_MANY_MERGES, block, flags=re.MULTILINE)
    return text if "asset_name" in text else f"asset_name: rover\n{text}"


def _console(words: str) -> str:
    (block,) = re.findall(rf"```console\n\$ sift-codegen lint {words}\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


def test_the_page_shows_what_the_command_prints(tmp_path: Path) -> None:
    written(tmp_path, _blocks(PAGE)[0])
    for words in ("vehicle.yaml", "vehicle.yaml --fix"):
        done = sift_codegen("lint", *words.split(), cwd=tmp_path)
        assert done.stdout + done.stderr == _console(words)
        assert done.returncode == 1


def test_the_comment_on_the_page_ignores_what_it_says(tmp_path: Path) -> None:
    (line,) = (block for block in _blocks(PAGE) if block.startswith("      - ") and "our server takes it" in block)
    written(tmp_path, f"asset_name: rover\nflows:\n  - name: drive\n    channels:\n{line}")
    assert sift_codegen("lint", "vehicle.yaml", cwd=tmp_path).stderr == "no findings\n"


def test_the_table_of_the_project_on_the_page_is_heeded(tmp_path: Path) -> None:
    (table,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    written(tmp_path, table, "pyproject.toml")
    written(tmp_path, _blocks(PAGE)[0])
    assert sift_codegen("lint", "vehicle.yaml", "--select", "SC010", cwd=tmp_path).returncode == 1


def test_the_readings_on_the_page_are_those_of_the_loaders(tmp_path: Path) -> None:
    rows = re.findall(
        r"^\| `(\S+|!!str 12)` \| (.*?) \| (.*?) \| .*? \|$", PAGE.partition("## What is ambiguous")[2], re.MULTILINE
    )
    rows = [(text, *readings) for text, *readings in rows if text not in ("---", "<<:")]
    loaders = read_with_both_loaders(tmp_path, [f"k: {text}\n" for text, *_ in rows])
    assert len(rows) == 18
    assert loaders == [(rapidyaml, pyyaml) for _, rapidyaml, pyyaml in rows]
