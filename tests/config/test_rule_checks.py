"""Rules against the channels of their config: every mistake is told at once, in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sift_codegen import SideInputs
from sift_codegen._check_rules import check_rules
from sift_codegen._expression_parser import parse_expression
from sift_codegen._expression_tokens import ExpressionError
from sift_codegen._expression_types import check_expression
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
        "$2 > 0",
        "$1 > 1 // comment",
        "$1 > 1 // first\n&& $4",
        '$3 == """a "quoted" one"""',
        "$3 == '''it's'''",
        r'$3 == r"a\" || $3 == r"""a"""',
        'b"a" == bytes($3)',
        '{"a": 1, "b": [1, 2,],}["a"] > 0',
        "true > false || $4 < true",
        "[1] + [2] == [1, 2]",
        r'$3 == "\?\`\a\101\x41\u0041\U00000041\d"',
        '$4 == ($1 in [1, 2.5, 3]) && $2 in ["On", 1]',
        '$2 == ($4 ? "On" : 1)',
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
        (
            '$1 in [1, "b"]',
            ["10: expression of rule 'r': $1 is channel 'velocity' (double) and this is a text: they are never equal"],
        ),
        (
            "$3 in [1]",
            ["7: expression of rule 'r': $3 is channel 'log' (string) and this is a number: they are never equal"],
        ),
        (
            "$2 == true",
            ["3: expression of rule 'r': $2 is channel 'state' (enum) and this is true or false: they are never equal"],
        ),
        (
            "$2 == 1.5",
            [
                "6: expression of rule 'r': the keys of enum channel 'state' are whole numbers;"
                " it is never equal to this"
            ],
        ),
        (
            "$2 == $3",
            [
                "3: expression of rule 'r': $2 is channel 'state' (enum) and $3 is channel 'log' (string):"
                " they are never equal"
            ],
        ),
        (
            '$2 == ($4 ? "On" : "Onn")',
            ["19: expression of rule 'r': enum channel 'state' has no label 'Onn'", "did you mean 'On'?"],
        ),
        (
            '($4 ? $2 : $2) != r"Onn"',
            ["18: expression of rule 'r': enum channel 'state' has no label 'Onn'", "did you mean 'On'?"],
        ),
        (
            r'$2 == "\x4fnn"',
            ["6: expression of rule 'r': enum channel 'state' has no label 'Onn'", "did you mean 'On'?"],
        ),
        (r'$3 == "\u12"', [r"""6: expression of rule 'r': the text "\u12" has an escape that is none"""]),
        ("[$4, 1]", ["0: expression of rule 'r': the expression gives a list; a rule needs true or false"]),
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
    assert of_expression(tmp_path, '$3 == "above $limit"', ", sub_expressions: [{$limit: 5}]") == []
    assert of_expression(tmp_path, '$3 == "above $limit"', ", sub_expressions: [{$limit: five}]") == [
        "6: expression of rule 'r': sub-expression '$limit' is a text, whose own quotes end the text that it stands in",
        "write its value there",
    ]


@pytest.mark.parametrize(("written", "value"), [(".inf", "inf"), ("-.inf", "-inf"), (".nan", "nan")])
def test_sub_expression_is_a_number_that_can_be_said(tmp_path: Path, written: str, value: str) -> None:
    assert of_expression(tmp_path, "$1 > $limit", f", sub_expressions: [{{$limit: {written}}}]") == [
        f"0: expression of rule 'r': sub-expression '$limit' is {value}, which no expression can say"
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


@pytest.mark.parametrize("whose", ["asset_names: [lander]", "tag_names: [landers]"])
def test_rule_for_other_assets_may_have_their_channels(tmp_path: Path, whose: str) -> None:
    """What a channel of our name is there, is not known either."""
    for channel, expression in (("thrust", "$1 > 1"), ("velocity", '$1 == "fast"'), ("state", '$1 == "Fast"')):
        rule = (
            f"{{name: r, type: review, expression: '{expression}', channel_references: [{{$1: {channel}}}], {whose}}}"
        )
        assert told(tmp_path, f"  - {rule}\n") == []
        ours = rule.replace("[lander]", "[lander, rover]").replace("tag_names:", "asset_names: [rover], tag_names:")
        assert told(tmp_path, f"  - {ours}\n") != []


def test_channel_of_one_name_may_be_another_in_each_flow(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    for one, other, expression in (
        ("data_type: double", "data_type: string", "$1 > 5"),
        ("data_type: string", "data_type: double", "$1 > 5"),
        ("data_type: enum, enum_types: [{name: A, key: 1}]", "data_type: enum, enum_types: [{name: B, key: 1}]", "A"),
    ):
        text = expression if "$" in expression else f'$1 == "{expression}"'
        path.write_text(
            f"""\
asset_name: rover
flows:
  - {{name: f1, channels: [&x {{name: x, {one}}}]}}
  - {{name: f2, channels: [{{name: x, {other}}}]}}
rules:
  - {{name: r, type: review, channel_references: [{{$1: *x}}], expression: '{text}'}}
""",
            "utf-8",
        )
        assert check_rules(read_telemetry_config(path)) == ()


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
    expressions = (CONFIGS / "named_expressions.yml",)
    config = read_telemetry_config(CONFIGS / "nostromo.yml", SideInputs(named_expressions=expressions))
    assert len(config.rules) > 1
    assert check_rules(config) == ()


def test_real_rules_of_modules_have_no_errors(tmp_path: Path) -> None:
    """They are for the asset of the config, and two of them are also written in it."""
    path = tmp_path / "nostromo.yml"
    before, _, rest = (CONFIGS / "nostromo.yml").read_text("utf-8").partition("\nrules:")
    path.write_text(f"{before}\nflows:{rest.partition('flows:')[2]}", "utf-8")
    config = read_telemetry_config(path, SideInputs((CONFIGS / "named_expressions.yml",), (CONFIGS / "rule_modules",)))
    assert len(config.rules) > 3
    assert check_rules(config) == ()
    spoilt = replace(config.rules[0], expression=config.rules[0].expression.replace("Accel", "Excel"))
    assert [each.code for each in check_rules(replace(config, rules=(spoilt,)))] == ["SC406"]


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


WORDS = st.sampled_from(
    [
        *(
            "$1",
            "$2",
            "$9",
            "$limit",
            "$label",
            "$",
            "a",
            "in",
            "true",
            "null",
            "f(",
            "1",
            "0x1f",
            "1.5e3",
            "2u",
            "'On'",
        ),
        *('b"x"', r'r"\"', '"""', "'''", r'"\x4"', r'"\101"', "(", ")", "[", "]", "{", "}", ".", ",", ":", "?"),
        *("!", "-", "+", "*", "==", "!=", "<", ">=", "&&", "||", "//", "\n", "\\", "\0", "1||1&&1==1+1*("),
    ]
)
NOSTROMO = SideInputs(named_expressions=(CONFIGS / "named_expressions.yml",))
ENUM = next(
    channel
    for flow in read_telemetry_config(CONFIGS / "nostromo.yml", NOSTROMO).flows
    for channel in flow.channels
    if channel.enum_types
)


@given(st.lists(st.tuples(WORDS, st.integers(1, 4)), max_size=60))
def test_any_words_are_checked_or_refused_in_their_place(words: list[tuple[str, int]]) -> None:
    _is_dealt_with(" ".join(word for word, count in words for _ in range(count)))


@given(WORDS, WORDS, st.integers(1, 3000))
def test_any_length_is_checked_or_refused_in_its_place(first: str, second: str, count: int) -> None:
    _is_dealt_with(f"{first}{second}" * count + "$1")
    _is_dealt_with("$1" + f"{first} {second}" * count)


def _is_dealt_with(text: str) -> None:
    offsets: list[int] = []
    try:
        tree = parse_expression(text)
    except ExpressionError as error:
        offsets.append(error.offset)
    else:
        check_expression(
            tree, {"$1": None, "$2": ENUM}, {"$label": "Onn", "$limit": 1.5}, lambda at, *_, **__: offsets.append(at)
        )
    assert all(0 <= offset <= len(text) for offset in offsets)


@pytest.mark.parametrize(
    "expression",
    [
        " || ".join(["$1 > 1"] * 5000),
        "$1" + ".a" * 3000 + " > 1",
        "!" * 3000 + "$4",
        "-" * 3000 + "$1 > 1",
        "$4 ? true : " * 3000 + "true",
        "(" * 98 + "true||true&&1==1+1*$1" + ")" * 98,
    ],
)
def test_long_expressions_are_checked(tmp_path: Path, expression: str) -> None:
    found = of_expression(tmp_path, f"({expression}) == ($2 == 'Onn')")
    assert "enum channel 'state' has no label 'Onn'" in found[0]
    assert len([text for text in found if "expression of rule" in text]) == 1
