"""Rules against the channels of their config: every mistake is told at once, in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sift_codegen import SideInputs
from sift_codegen._check_rules import check_rules
from sift_codegen._expression_parser import parse_expression
from sift_codegen._expression_tokens import ExpressionError
from sift_codegen._read_config import read_telemetry_config

CONFIGS = Path(__file__).parents[1] / "configs"
HEAD = """\
asset_name: rover
channels:
  v: &v {name: velocity, data_type: double}
  s: &s {name: state, data_type: enum, enum_types: [{name: On, key: 1}, {name: Off, key: 0}]}
  l: &l {name: log, data_type: string}
  b: &b {name: armed, data_type: bool}
  g: &g {name: gpio, data_type: bit_field, bit_field_elements: [{name: led, index: 0, bit_count: 1}]}
flows:
  - {name: all, channels: [*v, *s, *l, *b, *g]}
rules:
"""
REFERENCES = "channel_references: [{$1: *v, $2: *s, $3: *l, $4: *b, $5: *g}]"
RULE_LINE = HEAD.count("\n") + 1


def told(tmp_path: Path, rules: str, **inputs: Any) -> list[str]:
    """Return `line:column: message` of each error, and the notes below it."""
    path = tmp_path / "config.yaml"
    path.write_text(HEAD + rules, "utf-8")
    config = read_telemetry_config(path, SideInputs(**inputs))
    return [
        text
        for each in check_rules(config)
        for text in (f"{each.position.line}:{each.position.column}: {each.message}", *each.notes)
    ]


def of_expression(tmp_path: Path, expression: str, more: str = "") -> list[str]:
    quoted = expression.replace("'", "''")
    rule = f"  - {{name: r, type: review, {REFERENCES}{more}, expression: '{quoted}'}}\n"
    start = len(rule) - len(quoted) - len("'}\n") + 1
    prefix = f"{RULE_LINE}:"
    found = told(tmp_path, rule)
    return [
        text if not text.startswith(prefix) else f"{int(text.split(':')[1]) - start}: {text.partition(': ')[2]}"
        for text in found
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "$1 > 80 && $2 == 'On'",
        "0.5 * 10 * $1 * $1 > 470",
        "contains($3, 'failure')",
        "$2 == 'On' && persistence($1 == 0, 5)",
        "$2 == 1",
        "$2 in ['On', 'Off']",
        "$4",
        "!$4 || $1 != -1.5e3",
        "$3 + 'x' == 'ab' ? $1 > 1 : $4",
        "$5.led == 1 && $5['led'] > 0",
        "$1.abs() > 0x10",
        "size([1, 2]) > 1 && max($1, 3) < 7u",
        "true",
        "some_function_of_sifts($1)",
        r"$3 == 'it\'s'",
    ],
)
def test_what_can_mean_something_is_accepted(tmp_path: Path, expression: str) -> None:
    assert of_expression(tmp_path, expression) == []


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("$1 >>> ((", ["4: expression of rule 'r': expected a value, found '>'"]),
        ("$1 > 1)", ["6: expression of rule 'r': expected an operator or the end, found ')'"]),
        ("($1 > 1", ["7: expression of rule 'r': expected ')', found the end"]),
        ("$1 > ", ["4: expression of rule 'r': expected a value, found the end"]),
        ("$1 # 1", ["3: expression of rule 'r': unexpected '#'"]),
        ('$3 == "ab', ["6: expression of rule 'r': unexpected a text that does not end"]),
        ("$1.2 > 1", ["2: expression of rule 'r': expected an operator or the end, found '.2'"]),
        (
            "$9 > 1",
            ["0: expression of rule 'r': $9 stands for no channel; channel_references has $1, $2, $3, $4, $5"],
        ),
        (
            '$2 == "Onn"',
            ["6: expression of rule 'r': enum channel 'state' has no label 'Onn'", "did you mean 'On'?"],
        ),
        (
            '"Unknown" != $2',
            ["0: expression of rule 'r': enum channel 'state' has no label 'Unknown'", "it has 'On', 'Off'"],
        ),
        (
            '$2 in ["On", "Offf"]',
            ["13: expression of rule 'r': enum channel 'state' has no label 'Offf'", "did you mean 'Off'?"],
        ),
        (
            '$1 == "fast"',
            ["3: expression of rule 'r': $1 is channel 'velocity' (double) and this is a text: they are never equal"],
        ),
        ("$3 > 5", ["5: expression of rule 'r': > takes a text; this is a number"]),
        ("$1 + $4 > 1", ["5: expression of rule 'r': + takes a number; $4 is channel 'armed' (bool)"]),
        ("$1 && $4", ["0: expression of rule 'r': && takes true or false; $1 is channel 'velocity' (double)"]),
        ("$1 + 1", ["3: expression of rule 'r': the expression gives a number; a rule needs true or false"]),
        ("$1 > $limit", ["5: expression of rule 'r': $limit has no value; give it in sub_expressions"]),
    ],
)
def test_what_can_mean_nothing_is_told_in_its_place(tmp_path: Path, expression: str, words: list[str]) -> None:
    assert of_expression(tmp_path, expression) == words


def test_sub_expressions_are_part_of_the_expression(tmp_path: Path) -> None:
    more = ", sub_expressions: [{$limit: 5, $label: Onn}]"
    assert of_expression(tmp_path, "$1 > $limit && $2 == $label", more) == [
        "21: expression of rule 'r': enum channel 'state' has no label 'Onn'",
        "did you mean 'On'?",
    ]
    assert of_expression(tmp_path, "$1 > $limit", ", sub_expressions: [{$limit: ~}]") == [
        "0: expression of rule 'r': sub-expression '$limit' is null, which no expression can have in it"
    ]


def test_every_error_of_every_rule_is_told_at_once(tmp_path: Path) -> None:
    rules = """\
  - name: lost
    rule_client_key: one
    type: review
    expression: $1 > 1
    channel_references:
      - $1: velocty
    contextual_channels: [logs]
  - name: other
    rule_client_key: one
    type: phase
    expression: >-
      $1 ==
      "Onn"
    channel_references: [{$1: *s}]
"""
    line = RULE_LINE
    assert told(tmp_path, rules) == [
        f"{line + 5}:13: channel reference '$1' of rule 'lost': no flow has a channel 'velocty'",
        "did you mean 'velocity'?",
        f"{line + 6}:27: contextual channel of rule 'lost': no flow has a channel 'logs'",
        "did you mean 'log'?",
        f"{line + 7}:11: rules 'lost' and 'other' have one rule_client_key, 'one'",
        f"first at {tmp_path / 'config.yaml'}:{line}:11",
        f"{line + 10}:17: expression of rule 'other': enum channel 'state' has no label 'Onn'",
        "did you mean 'On'?",
        "in '$1 == \"Onn\"', at character 7",
    ]


def test_rule_for_other_assets_may_have_their_channels(tmp_path: Path) -> None:
    rule = (
        "  - {name: r, type: review, expression: $1 > 1, channel_references: [{$1: thrust}], asset_names: [lander]}\n"
    )
    assert told(tmp_path, rule) == []


def test_named_expressions_are_checked_where_they_are_used(tmp_path: Path) -> None:
    rule = f"  - {{name: r, type: review, {REFERENCES}, expression: {{name: kinetic_energy_gt}}}}\n"
    found = told(tmp_path, rule, named_expressions=(CONFIGS / "named_expressions.yml",))
    place = f"{RULE_LINE}:{rule.index('{name: kinetic') + 1}: expression of rule 'r'"
    text = "in '0.5 * $mass * $1 * $1 > $threshold', at character"
    assert found == [
        f"{place}: $mass has no value; give it in sub_expressions",
        f"{text} 7",
        f"{place}: $threshold has no value; give it in sub_expressions",
        f"{text} 25",
    ]


def test_real_rules_have_no_errors() -> None:
    modules = SideInputs((CONFIGS / "named_expressions.yml",), (CONFIGS / "rule_modules",))
    check_rules(
        read_telemetry_config(CONFIGS / "nostromo.yml", SideInputs(named_expressions=modules.named_expressions))
    )


@given(st.text(alphabet="$12ab\"'()[]{}.,?:!<>=&|+-*/% \t\n\\", max_size=40))
def test_any_text_is_read_or_refused_in_its_place(text: str) -> None:
    try:
        parse_expression(text)
    except ExpressionError as error:
        refused = error
    else:
        return
    assert 0 <= refused.offset <= len(text)


def test_depth_is_bounded() -> None:
    with pytest.raises(ExpressionError, match="levels deep"):
        parse_expression("(" * 5000 + "1" + ")" * 5000)
    with pytest.raises(ExpressionError, match="levels deep"):
        parse_expression("!" * 100_000 + "(" * 200 + "$4")
