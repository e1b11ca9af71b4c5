"""From a rule to its entry."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._config import RuleConfig, ScalarValue
from sift_codegen._dictionary._anchors import anchor
from sift_codegen._dictionary._index import Index
from sift_codegen._dictionary._model import Binding, RuleEntry
from sift_codegen._dictionary._places import place_of

__all__ = ["build_rule"]


def build_rule(rule: RuleConfig, index: Index) -> RuleEntry:
    """Return a rule's entry."""
    references = tuple(Binding(word, index.named(name), "") for word, name in rule.channel_references)
    values = tuple(Binding(word, None, _shown(value)) for word, value in rule.sub_expressions)
    return RuleEntry(
        anchor=anchor("rule", rule.name),
        name=rule.name,
        type=rule.type,
        description=rule.description,
        expression=rule.expression,
        expression_name=rule.expression_name or "",
        bindings=(*references, *values),
        contextual=tuple(index.named(name) for name in rule.contextual_channels),
        facts=tuple(_facts(rule)),
        place=place_of(rule.position),
    )


def _facts(rule: RuleConfig) -> Iterator[tuple[str, str]]:
    for name, text in (("assignee", rule.assignee), ("rule client key", rule.rule_client_key)):
        if text:
            yield name, text
    lists = (("tag", rule.tags), ("for asset", rule.asset_names), ("for assets tagged", rule.tag_names))
    for name, texts in lists:
        for text in texts:
            yield name, text
    for name, flag in (("external", rule.is_external), ("live evaluation", rule.is_live_evaluation_enabled)):
        if flag:
            yield name, "yes"


def _shown(value: ScalarValue) -> str:
    """Return a value as YAML has it, but a text without quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 1024:  # Python writes no decimals of thousands of digits
        return hex(value)
    return "null" if value is None else str(value)
