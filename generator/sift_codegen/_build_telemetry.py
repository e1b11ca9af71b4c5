"""From a checked config to the model of its registration data."""

from __future__ import annotations

from collections.abc import Sequence

from sift_codegen._client_key import client_key
from sift_codegen._config import RuleConfig, TelemetryConfig
from sift_codegen._layout import Source, call, keyword, record, tuple_of
from sift_codegen._literals import text_literal, value_literal
from sift_codegen._package_model import FlowModel, TelemetryModel

__all__ = ["build_telemetry"]


def build_telemetry(config: TelemetryConfig, flows: tuple[FlowModel, ...]) -> TelemetryModel:
    """Return the model of what is registered; rules as the config states them."""
    return TelemetryModel(
        doc="What is registered with Sift: the asset, its flows and their channels, and the rules as data.",
        asset_name=text_literal(config.asset_name),
        client_key=text_literal(config.client_key or client_key(config.asset_name, config.flows)),
        organization_id=text_literal(config.organization_id),
        flows=tuple_of(flow.class_name for flow in flows),
        rules=tuple_of(_rule(rule) for rule in config.rules),
    )


def _rule(rule: RuleConfig) -> Source:
    """Return the source of a rule's data; what the config left out is left to the defaults."""
    texts = {"description": rule.description, "expression_name": rule.expression_name, "assignee": rule.assignee}
    lists: dict[str, Sequence[Source]] = {
        "channel_references": [record(*map(text_literal, reference)) for reference in rule.channel_references],
        "sub_expressions": [record(text_literal(name), value_literal(value)) for name, value in rule.sub_expressions],
        "contextual_channels": [*map(text_literal, rule.contextual_channels)],
        "tags": [*map(text_literal, rule.tags)],
        "asset_names": [*map(text_literal, rule.asset_names)],
        "tag_names": [*map(text_literal, rule.tag_names)],
    }
    flags = {
        "is_external": rule.is_external,
        "is_live_evaluation_enabled": rule.is_live_evaluation_enabled,
    }
    needed = {"name": rule.name, "type": rule.type, "expression": rule.expression}
    arguments: list[Source] = [f"{key}={text_literal(text)}" for key, text in needed.items()]
    arguments += [f"{key}={text_literal(text)}" for key, text in texts.items() if text]
    arguments += [keyword(key, tuple_of(items)) for key, items in lists.items() if items]
    arguments += [f"rule_client_key={text_literal(rule.rule_client_key)}"] if rule.rule_client_key else []
    arguments += [f"{key}=True" for key, flag in flags.items() if flag]
    return call("_sift.Rule", arguments, always_broken=True)
