"""What the rules find beside their examples on the page, and what they leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from sift_codegen._lint import LintRequest, Selection, lint
from tests.lint.linting import codes_of, found_in, lint_text, written

GPIO: Final = (
    "asset_name: rover\nflows: [{name: f, channels: [{name: gpio, data_type: bit_field, bit_field_elements: [%s]}]}]\n"
)
NAME: Final = "asset_name: rover\nflows: [{name: f, channels: [{name: %s, data_type: double}]}]\n"
RULE: Final = (
    "asset_name: rover\nflows: [{name: f, channels: [&v {name: v, data_type: int32}]}]\n"
    "rules: [{name: r, type: review, expression: {name: e}, channel_references: [$1: *v], sub_expressions: [%s]}]\n"
)
EXPRESSION: Final = "e: $1 + 1 > $a || $1 > $ab\n"


def test_what_could_be_read_of_a_config_with_errors_is_looked_at(tmp_path: Path) -> None:
    text = (
        "asset_name: rover\nflows:\n  - name: f\n    channels:\n      - {name: é, data_type: double, units: V}\n"
        "      - {name: c, data_type: dobule}\n      - {name: s, data_type: enum, enum_types: []}\n"
        "rules:\n  - {name: r, type: review, expression: $1 == 'a', channel_references: [$1: {name: c}]}\n"
    )
    assert codes_of(lint_text(tmp_path, text).findings) == ["SC303", "SC001", "SC307", "SC103", "SC006"]


def test_a_fault_in_a_definition_is_told_there_with_its_use(tmp_path: Path) -> None:
    text = (
        "asset_name: rover\nchannels:\n  e: &e\n    name: é\n    data_type: double\n"
        "flows:\n  - {name: f, channels: [*e]}\n  - {name: g, channels: [<<: *e]}\n"
    )
    (told,) = found_in(tmp_path, text, "SC303")
    assert told.startswith("4:11: ")
    assert told.endswith(f"used at {tmp_path / 'vehicle.yaml'}:7:26")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ('""', "is empty"),
        ("a" * 256, "has 256 characters; Sift takes 255"),
        ("'a|b~c'", "has '|' in it"),
        ("'\"'", "has '\"' in it"),
        ('"a\\nb"', "has '\\n' in it"),
        ('" a"', "begins or ends with a blank"),
        ("'a\\b'", "has '\\\\' in it"),
        ("a`b", "has '`' in it"),
        ("é", "Sift takes ASCII only"),
    ],
)
def test_names_that_sift_refuses(tmp_path: Path, name: str, why: str) -> None:
    (told,) = found_in(tmp_path, NAME % name, "SC303")
    assert why in told
    assert found_in(tmp_path, NAME % ("a" * 255), "SC303") == []


@pytest.mark.parametrize(
    ("elements", "told"),
    [
        ("{name: a, index: 1, bit_count: 1}", ["leaves bit 0 without a name"]),
        ("{name: a, index: 0, bit_count: 1}, {name: b, index: 4, bit_count: 1}", ["leaves bits 1 to 3 without a name"]),
        ("{name: b, index: 1, bit_count: 1}, {name: a, index: 0, bit_count: 1}", ["in another order"]),
        ("{name: a, index: 0, bit_count: 64}", []),
    ],
)
def test_gaps_and_disorder(tmp_path: Path, elements: str, told: list[str]) -> None:
    found = found_in(tmp_path, GPIO % elements, "SC207")
    assert len(found) == len(told)
    assert all(part in line for part, line in zip(told, found, strict=True))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("$a: true", "sift_py writes True"),
        ("$a: null", "is null"),
        ("$a: 'he said \"hi\"'", "breaks them"),
        ("$a: 2 * 3", "nothing is reckoned"),
        ("$a: $1 + 1", "nothing is reckoned"),
        ("$a: 1, $ab: 2", "'$ab' begins"),
        ("$a: 5", ""),
        ("$a: failure", ""),
        ("$a: fail-safe", ""),
        ("$a: '2024-01-01'", ""),
        ("$ab: 1.5", ""),
    ],
)
def test_sub_expressions_of_which_sift_py_makes_something_else(tmp_path: Path, value: str, told: str) -> None:
    expressions = written(tmp_path, EXPRESSION, "expressions.yml")
    report = lint_text(tmp_path, RULE % f"{{{value}}}", Selection(select=("SC408",)), expressions)
    messages = [each.diagnostic.message for each in report.findings]
    assert len(messages) == bool(told)
    assert all(told in message for message in messages)


def test_configs_that_say_the_same_may_share_a_key(tmp_path: Path) -> None:
    text = "asset_name: rover\ningestion_client_key: k\nflows: [{name: %s, channels: [{name: c, data_type: double}]}]\n"
    one, same, other = (written(tmp_path, text % flow, f"{at}.yaml") for at, flow in enumerate(("f", "f", "g")))
    report = lint([LintRequest(config=path) for path in (one, same, other)], Selection())
    assert [(each.code, Path(each.source.path).name) for each in report.findings] == [("SC011", "2.yaml")]
    assert [place.source.name for place in report.findings[0].diagnostic.also] == ["0.yaml"]


def test_a_swap_of_unit_and_description_keeps_the_generated_key(tmp_path: Path) -> None:
    text = "asset_name: rover\nflows: [{name: f, channels: [{name: c, data_type: double, %s: ab}]}]\n"
    paths = [written(tmp_path, text % key, f"{key}.yaml") for key in ("unit", "description")]
    assert codes_of(lint([LintRequest(config=path) for path in paths], Selection()).findings) == ["SC011"]


def test_a_project_may_tolerate_mistakes_in_rules(tmp_path: Path) -> None:
    path = written(tmp_path, "asset_name: rover\nrules: [{name: r, type: phase, expression: '$1 >'}]\n")
    severities = [
        lint([LintRequest(config=path, rule_mistakes=mistakes)], Selection()).findings[0].diagnostic.severity.value
        for mistakes in ("error", "warning")
    ]
    assert severities == ["error", "warning"]


def test_rule_modules_and_named_expressions_are_looked_at_too(tmp_path: Path) -> None:
    expressions = written(tmp_path, "e: 1e3\n", "expressions.yml")
    report = lint_text(tmp_path, "asset_name: rover\n", None, expressions)
    assert [(each.code, each.source.name) for each in report.findings] == [
        ("SC010", "expressions.yml"),
        ("SC014", "expressions.yml"),
    ]
