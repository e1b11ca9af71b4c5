"""What a store says of rules, with names in place of ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sift_runtime.messages import rules_pb2 as rules

__all__ = ["rule_facts"]


def rule_facts(
    definitions: list[bytes], assets: Mapping[str, object], tags: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Yield each property of each rule, the rule's name in front."""
    for rule in map(rules.Rule.FromString, definitions):
        for what, value in (*_of_rule(rule, assets, tags), *_of_conditions(rule, tags)):
            yield f"rule {rule.name}: {what}", value


def _of_rule(
    rule: rules.Rule, assets: Mapping[str, object], tags: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    yield "client key", rule.client_key
    yield "description", rule.description
    yield "version", rule.rule_version.version
    yield "assets", [assets[asset] for asset in rule.asset_configuration.asset_ids]
    yield "tags of assets", [tags[tag] for tag in rule.asset_configuration.tag_ids]
    yield "contextual channels", [channel.name for channel in rule.contextual_channels.channels]
    yield "external", rule.is_external
    yield "live", rule.is_live_evaluation_enabled


def _of_conditions(rule: rules.Rule, tags: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for condition in rule.conditions:
        calculated = condition.expression.calculated_channel
        yield "expression", calculated.expression
        yield "references", {name: channel.name for name, channel in calculated.channel_references.items()}
        yield "actions", [_action(action.configuration.annotation, tags) for action in condition.actions]


def _action(annotation: rules.AnnotationActionConfiguration, tags: Mapping[str, object]) -> tuple[object, ...]:
    kind = rules.AnnotationType.Name(annotation.annotation_type)
    return kind, bool(annotation.assigned_to_user_id), sorted(str(tags[tag]) for tag in annotation.tag_ids)
