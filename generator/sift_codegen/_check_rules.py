"""Checks rules against the channels of the config: all that they refer to is there, and expressions mean something."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sift_codegen._config import ChannelConfig, RuleConfig, TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._expression_parser import parse_expression
from sift_codegen._expression_tokens import ExpressionError
from sift_codegen._expression_types import check_expression
from sift_codegen._findings import Findings
from sift_codegen._suggestion import did_you_mean

__all__ = ["check_rules"]


def check_rules(config: TelemetryConfig) -> tuple[Diagnostic, ...]:
    """Return every mistake in the rules of a config, in its place."""
    findings = Findings()
    channels = _channels_of(config)
    keys: dict[str, RuleConfig] = {}
    for rule in config.rules:
        ours = channels if _is_ours(rule, config.asset_name) else None
        _check_names(rule, ours, findings)
        _check_text(rule, ours or {}, findings)
        first = keys.setdefault(rule.rule_client_key, rule) if rule.rule_client_key else rule
        if first is not rule:
            message = f"rules {first.name!r} and {rule.name!r} have one rule_client_key, {rule.rule_client_key!r}"
            findings.error(rule.position, message, f"first at {first.position}", code="SC418", also=(first.position,))
    return findings.errors(config.sources)


def _channels_of(config: TelemetryConfig) -> dict[str, ChannelConfig | None]:
    """Return the channels by name; None where flows have unlike ones of that name, as the rule may be about any."""
    found: dict[str, ChannelConfig | None] = {}
    for channel in (channel for flow in config.flows for channel in flow.channels):
        first = found.setdefault(channel.name, channel)
        if first is not None and _kind_of(first) != _kind_of(channel):
            found[channel.name] = None
    return found


def _kind_of(channel: ChannelConfig) -> object:
    return channel.data_type, {each.name for each in channel.enum_types}


def _is_ours(rule: RuleConfig, asset_name: str) -> bool:
    """Tell whether the rule is for our asset; of one for tagged assets only, that is not known."""
    return asset_name in rule.asset_names if rule.asset_names else not rule.tag_names


def _check_names(rule: RuleConfig, channels: Mapping[str, ChannelConfig | None] | None, findings: Findings) -> None:
    """Check that the channels are there; of a rule that may be for other assets only, nothing is known."""
    references = [(f"channel reference {reference!r}", name) for reference, name in rule.channel_references]
    contextual = [("contextual channel", name) for name in rule.contextual_channels]
    for what, name in [*references, *contextual]:
        if channels is not None and name not in channels:
            message = f"{what} of rule {rule.name!r}: no flow has a channel {name!r}"
            place = rule.names.get(name, rule.position)
            findings.error(place, message, *did_you_mean(name, channels), code="SC404")


def _check_text(rule: RuleConfig, channels: Mapping[str, ChannelConfig | None], findings: Findings) -> None:
    place = rule.expression_position or rule.position

    def report(offset: int, message: str, *notes: str, code: str) -> None:
        where = _inside(place, rule.expression, offset)
        quoted = () if where != place else (f"in {rule.expression!r}, at character {offset + 1}",)
        findings.error(where, f"expression of rule {rule.name!r}: {message}", *notes, *quoted, code=code)

    for placeholder, value in rule.sub_expressions:
        if value is None:
            report(0, f"sub-expression {placeholder!r} is null, which no expression can have in it", code="SC408")
        if isinstance(value, float) and not math.isfinite(value):
            report(0, f"sub-expression {placeholder!r} is {value}, which no expression can say", code="SC408")
    try:
        tree = parse_expression(rule.expression)
    except ExpressionError as error:
        report(error.offset, error.message, code="SC405")
        return
    bound = {reference: channels.get(name) for reference, name in rule.channel_references}
    check_expression(tree, bound, dict(rule.sub_expressions), report)


def _inside(place: Position, expression: str, offset: int) -> Position:
    """Return the place in an expression; where it is not written in one piece there, its beginning."""
    lines = place.source.lines
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    written = line[place.column - 1 :]
    quoted = 1 if written[:1] in ("'", '"') else 0
    if not written[quoted:].startswith(expression):
        return place
    return Position(place.source, place.line, place.column + quoted + offset)
