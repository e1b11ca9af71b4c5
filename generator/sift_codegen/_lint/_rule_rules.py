"""Rules about rules: references, sub-expressions, and what sift_py drops of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sift_codegen._config import RuleConfig, ScalarValue, TelemetryConfig
from sift_codegen._diagnostics import Diagnostic
from sift_codegen._lint._finding import found

__all__ = ["check_rule_words"]

_DROPPED: Final = ("contextual_channels", "asset_names", "tag_names", "is_external", "is_live_evaluation_enabled")
_REFERENCE: Final = re.compile(r"\$[0-9]+")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SUM: Final = re.compile(r"\(*[\s\d.$()]*\d[\s()]*([*/%<>]|[-+](?=\s)|[=!]=|&&|\|\|)[\s\d.$()*/%<>=!&|+-]+")


def check_rule_words(config: TelemetryConfig) -> Iterator[Diagnostic]:
    """Yield SC402, SC407 to SC410 as far as a rule shows them by itself."""
    for rule in config.rules:
        yield from _unused_references(rule)
        yield from _sub_expressions(rule)
        yield from _dropped_keys(rule)
        yield from _people_and_tags(rule)


def _of(rule: RuleConfig, code: str, key: str, message: str, *notes: str) -> Diagnostic:
    return found(code, rule.key_positions.get(key, rule.position), message, *notes)


def _unused_references(rule: RuleConfig) -> Iterator[Diagnostic]:
    used = set(_REFERENCE.findall(rule.expression))
    for reference, channel in rule.channel_references:
        if rule.expression and reference not in used:
            message = f"channel reference {reference!r} ({channel!r}) of rule {rule.name!r} is not in its expression"
            yield _of(rule, "SC402", reference, message)


def _sub_expressions(rule: RuleConfig) -> Iterator[Diagnostic]:
    names = [name for name, _ in rule.sub_expressions]
    for name, value in rule.sub_expressions:
        what = f"sub-expression {name!r} of rule {rule.name!r}"
        if rule.expression and rule.expression_name is None:
            message = f"{what}: sift_py ignores it, as the expression is no named one, and sends {name} as it is"
            yield _of(
                rule, "SC407", name, message, "name the expression in a file of its own, or write the value in it"
            )
        if mistake := _mistake(value):
            yield _of(rule, "SC408", name, f"{what} {mistake}")
        longer = next((other for other in names if other != name and other.startswith(name)), None)
        if longer:
            yield _of(rule, "SC408", name, f"{what} is how {longer!r} begins: sift_py replaces that part of it too")


def _mistake(value: ScalarValue) -> str:
    """Say what sift_py makes of a value that nobody wants; null is an error already."""
    if isinstance(value, bool):
        return f"is {str(value).lower()}: sift_py writes {value}, which is no word of an expression"
    if not isinstance(value, str):
        return ""
    if '"' in value or "\\" in value:
        return (
            f"is the text {value!r}: sift_py puts it in quotes as it is, and the quote or backslash in it breaks them"
        )
    return (
        f"is the text {value!r}: sift_py puts it in quotes, so that nothing is reckoned"
        if _SUM.fullmatch(value)
        else ""
    )


def _dropped_keys(rule: RuleConfig) -> Iterator[Diagnostic]:
    keys = [key for key in _DROPPED if getattr(rule, key)]
    if keys:
        listed = ", ".join(map(repr, keys))
        message = f"rule {rule.name!r}: sift_py reads {listed} and creates the rule without"
        yield _of(rule, "SC409", keys[0], message, "sift-codegen push-rules keeps all of them")


def _people_and_tags(rule: RuleConfig) -> Iterator[Diagnostic]:
    if rule.assignee and rule.type == "phase":
        message = f"rule {rule.name!r} makes a phase, which nobody is assigned to"
        yield _of(rule, "SC410", "assignee", message, "leave the assignee out, or make it a review")
    elif rule.assignee and not _ADDRESS.fullmatch(rule.assignee):
        message = (
            f"the assignee {rule.assignee!r} of rule {rule.name!r} is no e-mail address, by which Sift knows users"
        )
        yield _of(rule, "SC410", "assignee", message)
    for at, tag in enumerate(rule.tags):
        if not tag or tag in rule.tags[:at]:
            what = f"has the tag {tag!r} twice" if tag else "has a tag without a text"
            yield _of(rule, "SC410", "tags", f"rule {rule.name!r} {what}")
