"""Nothing is found without a code, and no code is there that nothing finds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import sift_codegen
from sift_codegen import SideInputs
from sift_codegen._check_rules import check_rules
from sift_codegen._lint import CODES, LintRequest, Selection, lint
from sift_codegen._read_config import read_leniently
from sift_codegen._symbols import assign_symbols

PACKAGE: Final = Path(sift_codegen.__file__).parent
INVALID: Final = Path(__file__).parents[1] / "invalid"
_CALLS: Final = {"error", "warn", "report", "Diagnostic", "found"}
_OTHERS: Final = {"_findings.py", "_lint", "_lock", "_project", "cli", "remote"}
"""Where findings are passed on, and what is not about configs."""


def calls_that_find() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(PACKAGE.rglob("_*.py")):
        if path.relative_to(PACKAGE).parts[0] not in _OTHERS:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
                if isinstance(node, ast.Call) and name in _CALLS:
                    yield path, node


def test_every_call_that_finds_something_in_a_config_gives_a_code() -> None:
    calls = list(calls_that_find())
    without = [
        f"{path.name}:{call.lineno}" for path, call in calls if "code" not in {each.arg for each in call.keywords}
    ]
    assert len(calls) > 50
    assert without == []


def test_every_code_in_the_source_is_in_the_table_and_the_other_way_round() -> None:
    used = {
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "_code_table.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value[:2] == "SC"
        and node.value[2:].isdigit()
    }
    assert used == set(CODES)
    assert list(CODES) == sorted(CODES)


@pytest.mark.parametrize("name", sorted(path.name for path in INVALID.glob("*.yaml")))
def test_what_generate_refuses_lint_finds_with_the_same_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(INVALID)
    head = [line[2:].partition(": ") for line in Path(name).read_text("utf-8").split("\n") if line.startswith("# ")]
    side_inputs = SideInputs(
        named_expressions=tuple(Path(value) for key, _, value in head if key == "named-expressions"),
        rule_modules=tuple(Path(value) for key, _, value in head if key == "rule-modules"),
    )
    reading = read_leniently(Path(name), side_inputs)
    report = lint([LintRequest(config=Path(name), side_inputs=side_inputs)], Selection())
    found = {(each.code, each.diagnostic.position, each.diagnostic.message) for each in report.findings}
    assert reading.errors
    assert {error.code for error in reading.errors} <= set(CODES)
    assert {(error.code, error.position, error.message) for error in reading.errors} <= found


def test_mistakes_of_rules_and_names_have_codes(tmp_path: Path) -> None:
    path = tmp_path / "vehicle.yaml"
    path.write_text(
        "asset_name: rover\nflows:\n"
        "  - name: a-b\n"
        "    channels: [{name: c, data_type: enum, enum_types: [{name: x-1, key: 1}, {name: x.1, key: 2}]}]\n"
        "  - {name: a.b, channels: [{name: c, data_type: enum, enum_types: [{name: y, key: 1}]}]}\n"
        "rules:\n  - {name: r, type: phase, expression: '$1 > (', contextual_channels: [d]}\n"
        "  - {name: s, type: phase, expression: '$1 == $2 && 1 + 1 && $x'}\n"
    )
    config = read_leniently(path).config
    assert config is not None
    codes = [each.code for each in (*check_rules(config), *assign_symbols(config)[1])]
    assert codes == ["SC405", "SC404", "SC401", "SC401", "SC411", "SC407", "SC311", "SC311", "SC302"]
